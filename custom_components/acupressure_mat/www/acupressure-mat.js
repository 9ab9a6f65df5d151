// node_modules/@lit/reactive-element/css-tag.js
/**
* @license
* Copyright 2019 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/
var t$1 = globalThis;
var e$4 = t$1.ShadowRoot && (void 0 === t$1.ShadyCSS || t$1.ShadyCSS.nativeShadow) && "adoptedStyleSheets" in Document.prototype && "replace" in CSSStyleSheet.prototype;
var s$2 = Symbol();
var o$4 = /* @__PURE__ */ new WeakMap();
var n$3 = class {
	constructor(t, e, o) {
		if (this._$cssResult$ = !0, o !== s$2) throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");
		this.cssText = t, this.t = e;
	}
	get styleSheet() {
		let t = this.o;
		const s = this.t;
		if (e$4 && void 0 === t) {
			const e = void 0 !== s && 1 === s.length;
			e && (t = o$4.get(s)), void 0 === t && ((this.o = t = new CSSStyleSheet()).replaceSync(this.cssText), e && o$4.set(s, t));
		}
		return t;
	}
	toString() {
		return this.cssText;
	}
};
var r$4 = (t) => new n$3("string" == typeof t ? t : t + "", void 0, s$2);
var i$5 = (t, ...e) => {
	return new n$3(1 === t.length ? t[0] : e.reduce((e, s, o) => e + ((t) => {
		if (!0 === t._$cssResult$) return t.cssText;
		if ("number" == typeof t) return t;
		throw Error("Value passed to 'css' function must be a 'css' function result: " + t + ". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.");
	})(s) + t[o + 1], t[0]), t, s$2);
};
var S$1 = (s, o) => {
	if (e$4) s.adoptedStyleSheets = o.map((t) => t instanceof CSSStyleSheet ? t : t.styleSheet);
	else for (const e of o) {
		const o = document.createElement("style"), n = t$1.litNonce;
		void 0 !== n && o.setAttribute("nonce", n), o.textContent = e.cssText, s.appendChild(o);
	}
};
var c$2 = e$4 ? (t) => t : (t) => t instanceof CSSStyleSheet ? ((t) => {
	let e = "";
	for (const s of t.cssRules) e += s.cssText;
	return r$4(e);
})(t) : t;
// node_modules/@lit/reactive-element/reactive-element.js
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/ var { is: i$4, defineProperty: e$3, getOwnPropertyDescriptor: h$1, getOwnPropertyNames: r$3, getOwnPropertySymbols: o$3, getPrototypeOf: n$2 } = Object, a$1 = globalThis, c$1 = a$1.trustedTypes, l$1 = c$1 ? c$1.emptyScript : "", p$1 = a$1.reactiveElementPolyfillSupport, d$1 = (t, s) => t, u$1 = {
	toAttribute(t, s) {
		switch (s) {
			case Boolean:
				t = t ? l$1 : null;
				break;
			case Object:
			case Array: t = null == t ? t : JSON.stringify(t);
		}
		return t;
	},
	fromAttribute(t, s) {
		let i = t;
		switch (s) {
			case Boolean:
				i = null !== t;
				break;
			case Number:
				i = null === t ? null : Number(t);
				break;
			case Object:
			case Array: try {
				i = JSON.parse(t);
			} catch (t) {
				i = null;
			}
		}
		return i;
	}
}, f$1 = (t, s) => !i$4(t, s), b$1 = {
	attribute: !0,
	type: String,
	converter: u$1,
	reflect: !1,
	useDefault: !1,
	hasChanged: f$1
};
Symbol.metadata ??= Symbol("metadata"), a$1.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var y$1 = class extends HTMLElement {
	static addInitializer(t) {
		this._$Ei(), (this.l ??= []).push(t);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(t, s = b$1) {
		if (s.state && (s.attribute = !1), this._$Ei(), this.prototype.hasOwnProperty(t) && ((s = Object.create(s)).wrapped = !0), this.elementProperties.set(t, s), !s.noAccessor) {
			const i = Symbol(), h = this.getPropertyDescriptor(t, i, s);
			void 0 !== h && e$3(this.prototype, t, h);
		}
	}
	static getPropertyDescriptor(t, s, i) {
		const { get: e, set: r } = h$1(this.prototype, t) ?? {
			get() {
				return this[s];
			},
			set(t) {
				this[s] = t;
			}
		};
		return {
			get: e,
			set(s) {
				const h = e?.call(this);
				r?.call(this, s), this.requestUpdate(t, h, i);
			},
			configurable: !0,
			enumerable: !0
		};
	}
	static getPropertyOptions(t) {
		return this.elementProperties.get(t) ?? b$1;
	}
	static _$Ei() {
		if (this.hasOwnProperty(d$1("elementProperties"))) return;
		const t = n$2(this);
		t.finalize(), void 0 !== t.l && (this.l = [...t.l]), this.elementProperties = new Map(t.elementProperties);
	}
	static finalize() {
		if (this.hasOwnProperty(d$1("finalized"))) return;
		if (this.finalized = !0, this._$Ei(), this.hasOwnProperty(d$1("properties"))) {
			const t = this.properties, s = [...r$3(t), ...o$3(t)];
			for (const i of s) this.createProperty(i, t[i]);
		}
		const t = this[Symbol.metadata];
		if (null !== t) {
			const s = litPropertyMetadata.get(t);
			if (void 0 !== s) for (const [t, i] of s) this.elementProperties.set(t, i);
		}
		this._$Eh = /* @__PURE__ */ new Map();
		for (const [t, s] of this.elementProperties) {
			const i = this._$Eu(t, s);
			void 0 !== i && this._$Eh.set(i, t);
		}
		this.elementStyles = this.finalizeStyles(this.styles);
	}
	static finalizeStyles(s) {
		const i = [];
		if (Array.isArray(s)) {
			const e = new Set(s.flat(1 / 0).reverse());
			for (const s of e) i.unshift(c$2(s));
		} else void 0 !== s && i.push(c$2(s));
		return i;
	}
	static _$Eu(t, s) {
		const i = s.attribute;
		return !1 === i ? void 0 : "string" == typeof i ? i : "string" == typeof t ? t.toLowerCase() : void 0;
	}
	constructor() {
		super(), this._$Ep = void 0, this.isUpdatePending = !1, this.hasUpdated = !1, this._$Em = null, this._$Ev();
	}
	_$Ev() {
		this._$ES = new Promise((t) => this.enableUpdating = t), this._$AL = /* @__PURE__ */ new Map(), this._$E_(), this.requestUpdate(), this.constructor.l?.forEach((t) => t(this));
	}
	addController(t) {
		(this._$EO ??= /* @__PURE__ */ new Set()).add(t), void 0 !== this.renderRoot && this.isConnected && t.hostConnected?.();
	}
	removeController(t) {
		this._$EO?.delete(t);
	}
	_$E_() {
		const t = /* @__PURE__ */ new Map(), s = this.constructor.elementProperties;
		for (const i of s.keys()) this.hasOwnProperty(i) && (t.set(i, this[i]), delete this[i]);
		t.size > 0 && (this._$Ep = t);
	}
	createRenderRoot() {
		const t = this.shadowRoot ?? this.attachShadow(this.constructor.shadowRootOptions);
		return S$1(t, this.constructor.elementStyles), t;
	}
	connectedCallback() {
		this.renderRoot ??= this.createRenderRoot(), this.enableUpdating(!0), this._$EO?.forEach((t) => t.hostConnected?.());
	}
	enableUpdating(t) {}
	disconnectedCallback() {
		this._$EO?.forEach((t) => t.hostDisconnected?.());
	}
	attributeChangedCallback(t, s, i) {
		this._$AK(t, i);
	}
	_$ET(t, s) {
		const i = this.constructor.elementProperties.get(t), e = this.constructor._$Eu(t, i);
		if (void 0 !== e && !0 === i.reflect) {
			const h = (void 0 !== i.converter?.toAttribute ? i.converter : u$1).toAttribute(s, i.type);
			this._$Em = t, null == h ? this.removeAttribute(e) : this.setAttribute(e, h), this._$Em = null;
		}
	}
	_$AK(t, s) {
		const i = this.constructor, e = i._$Eh.get(t);
		if (void 0 !== e && this._$Em !== e) {
			const t = i.getPropertyOptions(e), h = "function" == typeof t.converter ? { fromAttribute: t.converter } : void 0 !== t.converter?.fromAttribute ? t.converter : u$1;
			this._$Em = e;
			const r = h.fromAttribute(s, t.type);
			this[e] = r ?? this._$Ej?.get(e) ?? r, this._$Em = null;
		}
	}
	requestUpdate(t, s, i, e = !1, h) {
		if (void 0 !== t) {
			const r = this.constructor;
			if (!1 === e && (h = this[t]), i ??= r.getPropertyOptions(t), !((i.hasChanged ?? f$1)(h, s) || i.useDefault && i.reflect && h === this._$Ej?.get(t) && !this.hasAttribute(r._$Eu(t, i)))) return;
			this.C(t, s, i);
		}
		!1 === this.isUpdatePending && (this._$ES = this._$EP());
	}
	C(t, s, { useDefault: i, reflect: e, wrapped: h }, r) {
		i && !(this._$Ej ??= /* @__PURE__ */ new Map()).has(t) && (this._$Ej.set(t, r ?? s ?? this[t]), !0 !== h || void 0 !== r) || (this._$AL.has(t) || (this.hasUpdated || i || (s = void 0), this._$AL.set(t, s)), !0 === e && this._$Em !== t && (this._$Eq ??= /* @__PURE__ */ new Set()).add(t));
	}
	async _$EP() {
		this.isUpdatePending = !0;
		try {
			await this._$ES;
		} catch (t) {
			Promise.reject(t);
		}
		const t = this.scheduleUpdate();
		return null != t && await t, !this.isUpdatePending;
	}
	scheduleUpdate() {
		return this.performUpdate();
	}
	performUpdate() {
		if (!this.isUpdatePending) return;
		if (!this.hasUpdated) {
			if (this.renderRoot ??= this.createRenderRoot(), this._$Ep) {
				for (const [t, s] of this._$Ep) this[t] = s;
				this._$Ep = void 0;
			}
			const t = this.constructor.elementProperties;
			if (t.size > 0) for (const [s, i] of t) {
				const { wrapped: t } = i, e = this[s];
				!0 !== t || this._$AL.has(s) || void 0 === e || this.C(s, void 0, i, e);
			}
		}
		let t = !1;
		const s = this._$AL;
		try {
			t = this.shouldUpdate(s), t ? (this.willUpdate(s), this._$EO?.forEach((t) => t.hostUpdate?.()), this.update(s)) : this._$EM();
		} catch (s) {
			throw t = !1, this._$EM(), s;
		}
		t && this._$AE(s);
	}
	willUpdate(t) {}
	_$AE(t) {
		this._$EO?.forEach((t) => t.hostUpdated?.()), this.hasUpdated || (this.hasUpdated = !0, this.firstUpdated(t)), this.updated(t);
	}
	_$EM() {
		this._$AL = /* @__PURE__ */ new Map(), this.isUpdatePending = !1;
	}
	get updateComplete() {
		return this.getUpdateComplete();
	}
	getUpdateComplete() {
		return this._$ES;
	}
	shouldUpdate(t) {
		return !0;
	}
	update(t) {
		this._$Eq &&= this._$Eq.forEach((t) => this._$ET(t, this[t])), this._$EM();
	}
	updated(t) {}
	firstUpdated(t) {}
};
y$1.elementStyles = [], y$1.shadowRootOptions = { mode: "open" }, y$1[d$1("elementProperties")] = /* @__PURE__ */ new Map(), y$1[d$1("finalized")] = /* @__PURE__ */ new Map(), p$1?.({ ReactiveElement: y$1 }), (a$1.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/
var t = globalThis;
var i$3 = (t) => t;
var s$1 = t.trustedTypes;
var e$2 = s$1 ? s$1.createPolicy("lit-html", { createHTML: (t) => t }) : void 0;
var h = "$lit$";
var o$2 = `lit$${Math.random().toFixed(9).slice(2)}$`;
var n$1 = "?" + o$2;
var r$2 = `<${n$1}>`;
var l = document;
var c = () => l.createComment("");
var a = (t) => null === t || "object" != typeof t && "function" != typeof t;
var u = Array.isArray;
var d = (t) => u(t) || "function" == typeof t?.[Symbol.iterator];
var f = "[ 	\n\f\r]";
var v = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g;
var _ = /-->/g;
var m = />/g;
var p = RegExp(`>|${f}(?:([^\\s"'>=/]+)(${f}*=${f}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g");
var g = /'/g;
var $ = /"/g;
var y = /^(?:script|style|textarea|title)$/i;
var x = (t) => (i, ...s) => ({
	_$litType$: t,
	strings: i,
	values: s
});
var b = x(1);
var w = x(2);
var E = Symbol.for("lit-noChange");
var A = Symbol.for("lit-nothing");
var C = /* @__PURE__ */ new WeakMap();
var P = l.createTreeWalker(l, 129);
function V(t, i) {
	if (!u(t) || !t.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return void 0 !== e$2 ? e$2.createHTML(i) : i;
}
var N = (t, i) => {
	const s = t.length - 1, e = [];
	let n, l = 2 === i ? "<svg>" : 3 === i ? "<math>" : "", c = v;
	for (let i = 0; i < s; i++) {
		const s = t[i];
		let a, u, d = -1, f = 0;
		for (; f < s.length && (c.lastIndex = f, u = c.exec(s), null !== u);) f = c.lastIndex, c === v ? "!--" === u[1] ? c = _ : void 0 !== u[1] ? c = m : void 0 !== u[2] ? (y.test(u[2]) && (n = RegExp("</" + u[2], "g")), c = p) : void 0 !== u[3] && (c = p) : c === p ? ">" === u[0] ? (c = n ?? v, d = -1) : void 0 === u[1] ? d = -2 : (d = c.lastIndex - u[2].length, a = u[1], c = void 0 === u[3] ? p : "\"" === u[3] ? $ : g) : c === $ || c === g ? c = p : c === _ || c === m ? c = v : (c = p, n = void 0);
		const x = c === p && t[i + 1].startsWith("/>") ? " " : "";
		l += c === v ? s + r$2 : d >= 0 ? (e.push(a), s.slice(0, d) + h + s.slice(d) + o$2 + x) : s + o$2 + (-2 === d ? i : x);
	}
	return [V(t, l + (t[s] || "<?>") + (2 === i ? "</svg>" : 3 === i ? "</math>" : "")), e];
};
var S = class S {
	constructor({ strings: t, _$litType$: i }, e) {
		let r;
		this.parts = [];
		let l = 0, a = 0;
		const u = t.length - 1, d = this.parts, [f, v] = N(t, i);
		if (this.el = S.createElement(f, e), P.currentNode = this.el.content, 2 === i || 3 === i) {
			const t = this.el.content.firstChild;
			t.replaceWith(...t.childNodes);
		}
		for (; null !== (r = P.nextNode()) && d.length < u;) {
			if (1 === r.nodeType) {
				if (r.hasAttributes()) for (const t of r.getAttributeNames()) if (t.endsWith(h)) {
					const i = v[a++], s = r.getAttribute(t).split(o$2), e = /([.?@])?(.*)/.exec(i);
					d.push({
						type: 1,
						index: l,
						name: e[2],
						strings: s,
						ctor: "." === e[1] ? I : "?" === e[1] ? L : "@" === e[1] ? z : H
					}), r.removeAttribute(t);
				} else t.startsWith(o$2) && (d.push({
					type: 6,
					index: l
				}), r.removeAttribute(t));
				if (y.test(r.tagName)) {
					const t = r.textContent.split(o$2), i = t.length - 1;
					if (i > 0) {
						r.textContent = s$1 ? s$1.emptyScript : "";
						for (let s = 0; s < i; s++) r.append(t[s], c()), P.nextNode(), d.push({
							type: 2,
							index: ++l
						});
						r.append(t[i], c());
					}
				}
			} else if (8 === r.nodeType) if (r.data === n$1) d.push({
				type: 2,
				index: l
			});
			else {
				let t = -1;
				for (; -1 !== (t = r.data.indexOf(o$2, t + 1));) d.push({
					type: 7,
					index: l
				}), t += o$2.length - 1;
			}
			l++;
		}
	}
	static createElement(t, i) {
		const s = l.createElement("template");
		return s.innerHTML = t, s;
	}
};
function M(t, i, s = t, e) {
	if (i === E) return i;
	let h = void 0 !== e ? s._$Co?.[e] : s._$Cl;
	const o = a(i) ? void 0 : i._$litDirective$;
	return h?.constructor !== o && (h?._$AO?.(!1), void 0 === o ? h = void 0 : (h = new o(t), h._$AT(t, s, e)), void 0 !== e ? (s._$Co ??= [])[e] = h : s._$Cl = h), void 0 !== h && (i = M(t, h._$AS(t, i.values), h, e)), i;
}
var R = class {
	constructor(t, i) {
		this._$AV = [], this._$AN = void 0, this._$AD = t, this._$AM = i;
	}
	get parentNode() {
		return this._$AM.parentNode;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	u(t) {
		const { el: { content: i }, parts: s } = this._$AD, e = (t?.creationScope ?? l).importNode(i, !0);
		P.currentNode = e;
		let h = P.nextNode(), o = 0, n = 0, r = s[0];
		for (; void 0 !== r;) {
			if (o === r.index) {
				let i;
				2 === r.type ? i = new k(h, h.nextSibling, this, t) : 1 === r.type ? i = new r.ctor(h, r.name, r.strings, this, t) : 6 === r.type && (i = new Z(h, this, t)), this._$AV.push(i), r = s[++n];
			}
			o !== r?.index && (h = P.nextNode(), o++);
		}
		return P.currentNode = l, e;
	}
	p(t) {
		let i = 0;
		for (const s of this._$AV) void 0 !== s && (void 0 !== s.strings ? (s._$AI(t, s, i), i += s.strings.length - 2) : s._$AI(t[i])), i++;
	}
};
var k = class k {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(t, i, s, e) {
		this.type = 2, this._$AH = A, this._$AN = void 0, this._$AA = t, this._$AB = i, this._$AM = s, this.options = e, this._$Cv = e?.isConnected ?? !0;
	}
	get parentNode() {
		let t = this._$AA.parentNode;
		const i = this._$AM;
		return void 0 !== i && 11 === t?.nodeType && (t = i.parentNode), t;
	}
	get startNode() {
		return this._$AA;
	}
	get endNode() {
		return this._$AB;
	}
	_$AI(t, i = this) {
		t = M(this, t, i), a(t) ? t === A || null == t || "" === t ? (this._$AH !== A && this._$AR(), this._$AH = A) : t !== this._$AH && t !== E && this._(t) : void 0 !== t._$litType$ ? this.$(t) : void 0 !== t.nodeType ? this.T(t) : d(t) ? this.k(t) : this._(t);
	}
	O(t) {
		return this._$AA.parentNode.insertBefore(t, this._$AB);
	}
	T(t) {
		this._$AH !== t && (this._$AR(), this._$AH = this.O(t));
	}
	_(t) {
		this._$AH !== A && a(this._$AH) ? this._$AA.nextSibling.data = t : this.T(l.createTextNode(t)), this._$AH = t;
	}
	$(t) {
		const { values: i, _$litType$: s } = t, e = "number" == typeof s ? this._$AC(t) : (void 0 === s.el && (s.el = S.createElement(V(s.h, s.h[0]), this.options)), s);
		if (this._$AH?._$AD === e) this._$AH.p(i);
		else {
			const t = new R(e, this), s = t.u(this.options);
			t.p(i), this.T(s), this._$AH = t;
		}
	}
	_$AC(t) {
		let i = C.get(t.strings);
		return void 0 === i && C.set(t.strings, i = new S(t)), i;
	}
	k(t) {
		u(this._$AH) || (this._$AH = [], this._$AR());
		const i = this._$AH;
		let s, e = 0;
		for (const h of t) e === i.length ? i.push(s = new k(this.O(c()), this.O(c()), this, this.options)) : s = i[e], s._$AI(h), e++;
		e < i.length && (this._$AR(s && s._$AB.nextSibling, e), i.length = e);
	}
	_$AR(t = this._$AA.nextSibling, s) {
		for (this._$AP?.(!1, !0, s); t !== this._$AB;) {
			const s = i$3(t).nextSibling;
			i$3(t).remove(), t = s;
		}
	}
	setConnected(t) {
		void 0 === this._$AM && (this._$Cv = t, this._$AP?.(t));
	}
};
var H = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(t, i, s, e, h) {
		this.type = 1, this._$AH = A, this._$AN = void 0, this.element = t, this.name = i, this._$AM = e, this.options = h, s.length > 2 || "" !== s[0] || "" !== s[1] ? (this._$AH = Array(s.length - 1).fill(/* @__PURE__ */ new String()), this.strings = s) : this._$AH = A;
	}
	_$AI(t, i = this, s, e) {
		const h = this.strings;
		let o = !1;
		if (void 0 === h) t = M(this, t, i, 0), o = !a(t) || t !== this._$AH && t !== E, o && (this._$AH = t);
		else {
			const e = t;
			let n, r;
			for (t = h[0], n = 0; n < h.length - 1; n++) r = M(this, e[s + n], i, n), r === E && (r = this._$AH[n]), o ||= !a(r) || r !== this._$AH[n], r === A ? t = A : t !== A && (t += (r ?? "") + h[n + 1]), this._$AH[n] = r;
		}
		o && !e && this.j(t);
	}
	j(t) {
		t === A ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, t ?? "");
	}
};
var I = class extends H {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(t) {
		this.element[this.name] = t === A ? void 0 : t;
	}
};
var L = class extends H {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(t) {
		this.element.toggleAttribute(this.name, !!t && t !== A);
	}
};
var z = class extends H {
	constructor(t, i, s, e, h) {
		super(t, i, s, e, h), this.type = 5;
	}
	_$AI(t, i = this) {
		if ((t = M(this, t, i, 0) ?? A) === E) return;
		const s = this._$AH, e = t === A && s !== A || t.capture !== s.capture || t.once !== s.once || t.passive !== s.passive, h = t !== A && (s === A || e);
		e && this.element.removeEventListener(this.name, this, s), h && this.element.addEventListener(this.name, this, t), this._$AH = t;
	}
	handleEvent(t) {
		"function" == typeof this._$AH ? this._$AH.call(this.options?.host ?? this.element, t) : this._$AH.handleEvent(t);
	}
};
var Z = class {
	constructor(t, i, s) {
		this.element = t, this.type = 6, this._$AN = void 0, this._$AM = i, this.options = s;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(t) {
		M(this, t);
	}
};
var B = t.litHtmlPolyfillSupport;
B?.(S, k), (t.litHtmlVersions ??= []).push("3.3.3");
var D = (t, i, s) => {
	const e = s?.renderBefore ?? i;
	let h = e._$litPart$;
	if (void 0 === h) {
		const t = s?.renderBefore ?? null;
		e._$litPart$ = h = new k(i.insertBefore(c(), t), t, void 0, s ?? {});
	}
	return h._$AI(t), h;
};
// node_modules/lit-element/lit-element.js
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/ var s = globalThis;
var i$2 = class extends y$1 {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		const t = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= t.firstChild, t;
	}
	update(t) {
		const r = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(t), this._$Do = D(r, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return E;
	}
};
i$2._$litElement$ = !0, i$2["finalized"] = !0, s.litElementHydrateSupport?.({ LitElement: i$2 });
var o$1 = s.litElementPolyfillSupport;
o$1?.({ LitElement: i$2 });
(s.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/property.js
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/ var o = {
	attribute: !0,
	type: String,
	converter: u$1,
	reflect: !1,
	hasChanged: f$1
};
var r$1 = (t = o, e, r) => {
	const { kind: n, metadata: i } = r;
	let s = globalThis.litPropertyMetadata.get(i);
	if (void 0 === s && globalThis.litPropertyMetadata.set(i, s = /* @__PURE__ */ new Map()), "setter" === n && ((t = Object.create(t)).wrapped = !0), s.set(r.name, t), "accessor" === n) {
		const { name: o } = r;
		return {
			set(r) {
				const n = e.get.call(this);
				e.set.call(this, r), this.requestUpdate(o, n, t, !0, r);
			},
			init(e) {
				return void 0 !== e && this.C(o, void 0, t, e), e;
			}
		};
	}
	if ("setter" === n) {
		const { name: o } = r;
		return function(r) {
			const n = this[o];
			e.call(this, r), this.requestUpdate(o, n, t, !0, r);
		};
	}
	throw Error("Unsupported decorator location: " + n);
};
function n(t) {
	return (e, o) => "object" == typeof o ? r$1(t, e, o) : ((t, e, o) => {
		const r = e.hasOwnProperty(o);
		return e.constructor.createProperty(o, t), r ? Object.getOwnPropertyDescriptor(e, o) : void 0;
	})(t, e, o);
}
// node_modules/@lit/reactive-element/decorators/state.js
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/ function r(r) {
	return n({
		...r,
		state: !0,
		attribute: !1
	});
}
// node_modules/lit-html/directive.js
var e$1 = (t) => (...e) => ({
	_$litDirective$: t,
	values: e
});
/**
* @license
* Copyright 2017 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/
var i$1 = class {
	constructor(t) {}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AT(t, e, i) {
		this._$Ct = t, this._$AM = e, this._$Ci = i;
	}
	_$AS(t, e) {
		return this.update(t, e);
	}
	update(t, e) {
		return this.render(...e);
	}
};
// node_modules/lit-html/directives/guard.js
/**
* @license
* Copyright 2018 Google LLC
* SPDX-License-Identifier: BSD-3-Clause
*/
var e = {};
var i = e$1(class extends i$1 {
	constructor() {
		super(...arguments), this.ot = e;
	}
	render(r, t) {
		return t();
	}
	update(t, [s, e]) {
		if (Array.isArray(s)) {
			if (Array.isArray(this.ot) && this.ot.length === s.length && s.every((r, t) => r === this.ot[t])) return E;
		} else if (this.ot === s) return E;
		return this.ot = Array.isArray(s) ? Array.from(s) : s, this.render(s, e);
	}
});
// src/hass.ts
var DOMAIN = "acupressure_mat";
/** Whether there is a state to show: not unavailable, not unknown, not missing. */
var isKnown = (entity) => entity !== void 0 && entity.state !== "unavailable" && entity.state !== "unknown";
// src/words.ts
var CATEGORY = "config_panel";
var loading;
/**
* Load the words in the user's language and return what reads them.
*
* Home Assistant answers a second request at once, before the first one's words are
* there; so everybody here waits for the same request. It forgets them with a change of
* language, also when the user comes back to this one.
*/
function loadWords(hass) {
	const { language } = hass;
	if (loading?.language !== language) {
		const words = hass.loadBackendTranslation(CATEGORY, DOMAIN);
		words.catch(() => loading = void 0);
		loading = {
			language,
			words
		};
	}
	return loading.words;
}
/** The text in the user's language; empty, never a key, while it is not there. */
function word({ localize }, key, values) {
	return localize(`component.${DOMAIN}.${CATEGORY}.${key}`, values);
}
/** A number with its unit, as the user's language writes it: "20 min", "4 days". */
function quantity(hass, value, unit, unitDisplay = "short") {
	return new Intl.NumberFormat(hass.language, {
		style: "unit",
		unit,
		unitDisplay,
		maximumFractionDigits: 0
	}).format(value);
}
/** A moment as the clock on the wall shows it, in the zone and the way the user chose. */
function timeOfDay({ language, locale, config }, moment) {
	const { time_format, time_zone } = locale;
	const hourCycle = {
		"12": "h12",
		"24": "h23"
	}[time_format];
	return new Intl.DateTimeFormat(time_format === "system" ? void 0 : language, {
		hour: hourCycle === "h23" ? "2-digit" : "numeric",
		minute: "2-digit",
		...hourCycle && { hourCycle },
		...time_zone === "server" && { timeZone: config.time_zone }
	}).format(moment);
}
/** Minutes and seconds as on a clock, "14:05"; a second is shown until it is over. */
function clockFace(milliseconds) {
	const seconds = Math.max(0, Math.ceil(milliseconds / 1e3));
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
// src/form.ts
/** The card's visual editor, described for Home Assistant's own form. */
/** Home Assistant asks for the form without saying for which `hass`. */
var currentHass = () => document.querySelector("home-assistant")?.hass;
async function cardForm() {
	const hass = currentHass();
	const localize = hass ? await loadWords(hass) : () => "";
	const text = (key) => word({ localize }, `card.editor_${key}`);
	return {
		schema: [
			{
				name: "device_id",
				selector: { device: { filter: { integration: DOMAIN } } }
			},
			{
				name: "show",
				default: "all",
				selector: { select: {
					mode: "dropdown",
					options: [
						"all",
						"session",
						"history"
					].map((value) => ({
						value,
						label: text(`show_${value}`)
					}))
				} }
			},
			{
				name: "dim",
				default: true,
				selector: { boolean: {} }
			}
		],
		computeLabel: ({ name }) => text(name),
		computeHelper: ({ name }) => text(`${name}_help`) || void 0
	};
}
// src/clock.ts
var SECOND = 1e3;
/** A wall tablet's clock drifts; it is asked again after this long. */
var VALID = 600 * SECOND;
/**
* How far the server's clock is ahead, in milliseconds.
*
* The answer was made between `sent` and `received`, and the server's clock was then
* between `date` and a second later. A clock that may be right is left alone, so that
* the rounding of `date` disturbs nobody.
*/
function offset(sent, date, received) {
	const least = date - received;
	const most = date + SECOND - sent;
	return least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}
var ServerClock = class {
	#offset = 0;
	#askedAt = Number.NEGATIVE_INFINITY;
	#answer;
	/** The server's time in milliseconds since the epoch. */
	now() {
		return Date.now() + this.#offset;
	}
	/**
	* Ask for the time unless that was done lately; whether `now` may have changed.
	*
	* Without an answer nothing changes, and a call a minute later asks again.
	*/
	sync(hass) {
		if (performance.now() - this.#askedAt < VALID) return this.#answer ?? Promise.resolve(false);
		this.#askedAt = performance.now();
		this.#answer = this.#ask(hass).finally(() => {
			this.#answer = void 0;
		});
		return this.#answer;
	}
	async #ask(hass) {
		try {
			const sent = Date.now();
			const answer = await hass.fetchWithAuth("/api/", { cache: "no-store" });
			const date = Date.parse(answer.headers.get("Date") ?? "");
			if (!Number.isNaN(date)) {
				this.#offset = offset(sent, date, Date.now());
				return true;
			}
		} catch {
			this.#askedAt += -54e4;
		}
		return false;
	}
};
var serverClock = new ServerClock();
// src/mat.ts
/** Mats and routines, found in Home Assistant's registries; names play no role. */
var nameOf = (device) => device.name_by_user ?? device.name ?? "";
/** All mats by name, each with its routines by name. */
function findMats(hass) {
	const entities = /* @__PURE__ */ new Map();
	for (const entry of Object.values(hass.entities)) {
		if (entry.platform !== "acupressure_mat" || !entry.device_id || !entry.translation_key) continue;
		const [domain] = entry.entity_id.split(".");
		const found = entities.get(entry.device_id) ?? {};
		found[`${domain}.${entry.translation_key}`] = entry.entity_id;
		entities.set(entry.device_id, found);
	}
	const mats = [];
	const routines = [];
	for (const [deviceId, found] of entities) {
		const device = hass.devices[deviceId];
		if (!device) continue;
		const item = {
			deviceId,
			name: nameOf(device),
			entryId: device.config_entry_id,
			entities: found
		};
		if ("switch.session" in found) routines.push(item);
		else if (!device.config_subentry_id) mats.push({
			...item,
			routines: []
		});
	}
	const byName = (a, b) => a.name.localeCompare(b.name, hass.language);
	return mats.sort(byName).map((mat) => ({
		...mat,
		routines: routines.filter(({ entryId }) => entryId === mat.entryId).sort(byName)
	}));
}
/** The mat that a device belongs to, or the first one; with one routine if it is one. */
function matOf(mats, deviceId) {
	for (const mat of mats) {
		const routines = mat.routines.filter((routine) => routine.deviceId === deviceId);
		if (routines.length) return {
			...mat,
			routines
		};
	}
	return deviceId ? mats.find((mat) => mat.deviceId === deviceId) : mats[0];
}
/** The state of the entity with this domain and translation key. */
var stateOf = (hass, { entities }, key) => hass.states[entities[key] ?? ""];
var HOUR = 36e5;
var DAY = 24 * HOUR;
/**
* Seconds between tries that fail.
*
* Home Assistant shows a mat's entities a moment before its journal may be asked for,
* and nothing tells of that moment. Who may not read it is refused each time.
*/
var TRIES = [
	1,
	2,
	4,
	8,
	16,
	32
];
/**
* For so long the record of a session that is just over is waited for.
*
* It is written and fetched within a moment. A rehearsal leaves none, though, and not
* everybody may read the journal.
*/
var RECORDED_WITHIN = 5e3;
/** Enough for twelve weeks of more than two sessions a day. */
var MOST = 200;
/** Enough to find that of last night behind those of this morning. */
var LATEST = 5;
var HEALTH_REASONS = /* @__PURE__ */ new Set([
	"discomfort",
	"pain",
	"dizziness",
	"numbness"
]);
var recordOf = ({ id, day, ended_at, elapsed, kind, outcome, reason, ratings }) => ({
	id,
	day,
	endedAt: Date.parse(ended_at),
	minutes: elapsed / 60,
	isBedtime: kind === "bedtime",
	isLost: outcome === "lost",
	isHealthStop: HEALTH_REASONS.has(reason),
	painBefore: ratings?.pain_before ?? void 0,
	painAfter: ratings?.pain_after ?? void 0,
	sleep: ratings?.sleep ?? void 0
});
var Journal = class {
	#host;
	#version;
	#entryId;
	#timer;
	/** When the session began whose record is waited for, or was in vain. */
	#awaited;
	#patience;
	constructor(host) {
		this.today = "";
		this.#host = host;
		host.addController(this);
	}
	hostConnected() {
		this.#host.requestUpdate();
	}
	hostDisconnected() {
		this.#version = void 0;
		clearTimeout(this.#timer);
		this.#giveUp();
		this.#awaited = void 0;
	}
	/** Whether the record of a session that is just over is still to come. */
	awaits(startedAt) {
		if ((this.records?.at(-1)?.endedAt ?? 0) >= startedAt) this.#giveUp();
		else if (startedAt !== this.#awaited) {
			this.#giveUp();
			this.#awaited = startedAt;
			this.#patience = setTimeout(() => {
				this.#giveUp();
				this.#host.requestUpdate();
			}, RECORDED_WITHIN);
		}
		return this.#patience !== void 0;
	}
	#giveUp() {
		clearTimeout(this.#patience);
		this.#patience = void 0;
	}
	/** Fetch them, or only the latest, if something happened that may have changed them. */
	update(hass, mat, isLatestEnough) {
		if (mat.entryId !== this.#entryId) {
			this.#entryId = mat.entryId;
			this.records = void 0;
		}
		const minutes = stateOf(hass, mat, "sensor.minutes_today");
		const version = [
			isLatestEnough,
			mat.entryId,
			minutes?.state,
			minutes?.attributes.journal_changed_at,
			stateOf(hass, mat, "event.practice")?.state,
			stateOf(hass, mat, "binary_sensor.session")?.state,
			isLatestEnough || Math.floor(serverClock.now() / HOUR)
		].join();
		if (version !== this.#version) {
			this.#version = version;
			clearTimeout(this.#timer);
			this.#fetch(hass, mat, isLatestEnough ? LATEST : MOST);
			serverClock.sync(hass).then((isNews) => isNews && this.#host.requestUpdate());
		}
	}
	async #fetch(hass, mat, limit, tries = 0) {
		const version = this.#version;
		try {
			const { response } = await hass.callService(DOMAIN, "get_records", {
				config_entry_id: mat.entryId,
				period: "year",
				limit
			}, void 0, false, true);
			if (response && version === this.#version) {
				this.today = response.today;
				this.records = response.records.map(recordOf).reverse();
				this.#host.requestUpdate();
			}
		} catch {
			const wait = TRIES[tries];
			if (wait !== void 0 && version === this.#version) this.#timer = setTimeout(() => void this.#fetch(hass, mat, limit, tries + 1), wait * 1e3);
		}
	}
};
/** The last twelve weeks by week, each from Monday; days to come are left out. */
function weeks(records, today) {
	const minutes = /* @__PURE__ */ new Map();
	for (const record of records) minutes.set(record.day, (minutes.get(record.day) ?? 0) + record.minutes);
	const last = Date.parse(today);
	const monday = last - (new Date(last).getUTCDay() + 6) % 7 * DAY;
	return Array.from({ length: 12 }, (_, week) => Array.from({ length: 7 }, (_, weekday) => {
		const at = monday + ((week - 12 + 1) * 7 + weekday) * DAY;
		const day = new Date(at).toISOString().slice(0, 10);
		return {
			at,
			day,
			minutes: minutes.get(day) ?? 0
		};
	}).filter(({ at }) => at <= last));
}
/** A week's relief; undefined if none of its sessions was rated before and after. */
function relief(records, week) {
	const days = new Set(week.map(({ day }) => day));
	let count = 0;
	const sum = {
		before: 0,
		after: 0
	};
	for (const { day, painBefore, painAfter } of records) if (days.has(day) && painBefore !== void 0 && painAfter !== void 0) {
		count += 1;
		sum.before += painBefore;
		sum.after += painAfter;
	}
	return count ? {
		before: sum.before / count,
		after: sum.after / count
	} : void 0;
}
/** For so long after its end a session may be rated here. */
var RATEABLE = 12 * HOUR;
/** Nobody has slept sooner after a session; later it is no longer about last night. */
var SHORTEST_NIGHT = 4 * HOUR;
var NIGHT = 14 * HOUR;
/** The last session if its pain afterwards may still be told and was not. */
function unrated(records, now) {
	const last = records?.at(-1);
	return last && !last.isLost && last.painAfter === void 0 && now - last.endedAt < RATEABLE ? last : void 0;
}
/** The bedtime session of last night if nobody has told yet how they slept. */
function unslept(records, today, now) {
	const last = records?.findLast(({ isBedtime }) => isBedtime);
	const since = last ? now - last.endedAt : 0;
	return last && last.day < today && since >= SHORTEST_NIGHT && since < NIGHT && last.sleep === void 0 && !last.isLost && !last.isHealthStop ? last : void 0;
}
// src/history.ts
/** The last weeks at a glance: minutes by day, and the pain before and after. */
/** From so many minutes a day on the colour is one step stronger. */
var STEPS = [
	1,
	10,
	20,
	30
];
var level = (minutes) => STEPS.filter((step) => minutes >= step).length;
/** Days are dates without a time: their own names, in no time zone. */
var dateOf = (hass, day, options) => new Intl.DateTimeFormat(hass.language, {
	...options,
	timeZone: "UTC"
}).format(new Date(day));
var longDay = (hass, day) => dateOf(hass, day, {
	weekday: "short",
	day: "numeric",
	month: "short"
});
function heatMap(hass, columns) {
	const month = (week) => week?.[0]?.day.slice(0, 7);
	const isNamed = (week, index) => month(week) !== month(columns[index - 1]) && (index > 0 || month(week) === month(columns[1]));
	const square = ({ day, minutes }) => b`<i
      class="level-${level(minutes)}"
      title="${longDay(hass, day)}: ${quantity(hass, minutes, "minute")}"
    ></i>`;
	return b`<div class="weeks heat" aria-hidden="true">
    <div class="labels">
      <span></span>
      ${columns[0]?.map(({ day }) => b`<span>${dateOf(hass, day, { weekday: "narrow" })}</span>`)}
    </div>
    ${columns.map((week, index) => b`<div class="week">
          <span class="month"
            >${isNamed(week, index) ? dateOf(hass, week[0]?.day ?? "", { month: "short" }) : A}</span
          >
          ${week.map(square)}
        </div>`)}
  </div>`;
}
function trend(hass, columns) {
	const bar = ({ before, after }) => b`<i
        class="bar ${after > before ? "worse" : ""}"
        style="inset-block-end: ${Math.min(before, after) * 10}%; block-size: ${Math.abs(before - after) * 10}%"
      ></i
      ><i class="point before" style="inset-block-end: ${before * 10}%"></i
      ><i class="point" style="inset-block-end: ${after * 10}%"></i>`;
	return b`<h4>
      <span>${word(hass, "card.relief")}</span>
      <span class="legend"
        ><i class="point before"></i>${word(hass, "card.before")}
        <i class="point"></i>${word(hass, "card.after_it")}</span
      >
    </h4>
    <div class="weeks trend" aria-hidden="true">
      <div class="labels"><span>10</span><span>5</span><span>0</span></div>
      ${columns.map((week) => b`<div class="week">${week ? bar(week) : A}</div>`)}
    </div>`;
}
/** The same for those who do not see it: each session, the newest first. */
function table(hass, records) {
	return b`<div class="unseen">
    <table>
      <caption>
        ${word(hass, "card.history")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${word(hass, "card.day")}</th>
          <th scope="col">${word(hass, "card.minutes")}</th>
          <th scope="col">${word(hass, "card.pain_before_short")}</th>
          <th scope="col">${word(hass, "card.pain_after_short")}</th>
        </tr>
      </thead>
      <tbody>
        ${records.toReversed().map(({ day, minutes, painBefore, painAfter }) => b`<tr>
              <th scope="row">${longDay(hass, day)}</th>
              <td>${Math.round(minutes)}</td>
              <td>${painBefore ?? A}</td>
              <td>${painAfter ?? A}</td>
            </tr>`)}
      </tbody>
    </table>
  </div>`;
}
function history(hass, records, today) {
	const columns = weeks(records, today);
	const reliefs = columns.map((week) => relief(records, week));
	return b`<section class="history" aria-label=${word(hass, "card.history")}>
    <h4>
      <span>${word(hass, "card.history")}</span>
      <span class="legend" aria-hidden="true"
        >${word(hass, "card.less")}${[0, ...STEPS].map((step) => b`<i class="level-${level(step)}"></i>`)}${word(hass, "card.more")}</span
      >
    </h4>
    ${heatMap(hass, columns)} ${reliefs.some(Boolean) ? trend(hass, reliefs) : A}
    ${records.length ? table(hass, records) : b`<p class="empty">${word(hass, "card.history_empty")}</p>`}
  </section>`;
}
var historyStyles = i$5`
  .history {
    position: relative;
  }
  h4 {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px 12px;
    margin: 0 0 8px;
    font-weight: 500;
  }
  .weeks + h4 {
    margin-block-start: 16px;
  }
  .legend,
  .labels,
  .month {
    font-size: var(--ha-font-size-xs, 10px);
    font-weight: 400;
    color: var(--secondary-text-color);
  }
  .legend {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .legend .point:not(:first-child) {
    margin-inline-start: 8px;
  }
  .weeks {
    display: grid;
    grid-template-columns: 16px repeat(12, 1fr);
    gap: 3px;
  }
  .heat > div {
    display: grid;
    grid-auto-rows: 16px;
    gap: 3px;
    min-width: 0;
  }
  .heat .labels span {
    line-height: 16px;
  }
  .month {
    overflow: visible;
    white-space: nowrap;
    line-height: 16px;
    width: 0;
  }
  .heat i,
  .legend i:not(.point) {
    border-radius: 4px;
    background: color-mix(
      in srgb,
      var(--primary-color) var(--share, 0%),
      var(--level-0)
    );
    --level-0: color-mix(in srgb, var(--primary-text-color) 7%, transparent);
  }
  .legend i:not(.point) {
    width: 10px;
    height: 10px;
    border-radius: 3px;
  }
  .history .level-1 {
    --share: 30%;
  }
  .history .level-2 {
    --share: 52%;
  }
  .history .level-3 {
    --share: 76%;
  }
  .history .level-4 {
    --share: 100%;
  }
  .trend {
    height: 88px;
    padding-block: 4px;
    background: linear-gradient(
        var(--divider-color) 1px,
        transparent 1px calc(50% - 1px),
        var(--divider-color) calc(50% - 1px) 50%,
        transparent 50% calc(100% - 1px),
        var(--divider-color) calc(100% - 1px)
      )
      content-box;
  }
  .trend .labels {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    margin-block: -6px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  .trend .week {
    position: relative;
  }
  .bar {
    position: absolute;
    inset-inline-start: calc(50% - 2px);
    width: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--teal-color, #009688) 45%, transparent);
  }
  .bar.worse {
    background: color-mix(in srgb, var(--deep-orange-color, #ff6f22) 45%, transparent);
  }
  .point {
    --size: 9px;
    width: var(--size);
    height: var(--size);
    border: 2px solid var(--teal-color, #009688);
    border-radius: 50%;
    background: var(--teal-color, #009688);
  }
  .point.before {
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  .trend .point {
    position: absolute;
    inset-inline-start: calc(50% - var(--size) / 2);
    margin-block-end: calc(var(--size) / -2);
  }
`;
// src/idle.ts
/** A mat that nobody lies on: its routines, and how the week goes. */
/** A day's dot beyond this many says nothing more. */
var MOST_DOTS = 7;
var KINDS = /* @__PURE__ */ new Map([
	["bedtime", "mdi:weather-night"],
	["after_work", "mdi:sofa-outline"],
	["morning", "mdi:weather-sunny"],
	["custom", "mdi:spa-outline"]
]);
var number = (value) => {
	const result = Number(value);
	return Number.isFinite(result) ? result : 0;
};
/** So many minutes; in another unit if a person chose one for the entity. */
var minutes = (hass, entity) => (entity.attributes.unit_of_measurement ?? "min") === "min" ? quantity(hass, number(entity.state), "minute") : hass.formatEntityState(entity);
function start(hass, routine, taps) {
	const entity_id = routine.entities["switch.session"] ?? "";
	taps.once(entity_id, () => hass.callService(DOMAIN, "start_session", {}, { entity_id }));
}
/** A routine's icon: what a person gave its switch, or that of its kind. */
function iconOf(hass, { entities }) {
	const id = entities["switch.session"] ?? "";
	const kind = hass.states[id]?.attributes.kind;
	return hass.entities[id]?.icon ?? KINDS.get(kind);
}
function routineButton(hass, routine, taps) {
	const entity = stateOf(hass, routine, "switch.session");
	const next = stateOf(hass, routine, "number.duration");
	const duration = isKnown(next) ? minutes(hass, next) : "";
	const isReady = isKnown(entity);
	return b`<button
    class="routine"
    ?disabled=${!isReady}
    aria-label=${isReady ? word(hass, "card.start", {
		routine: routine.name,
		duration
	}) : A}
    @click=${() => start(hass, routine, taps)}
  >
    <span class="badge"
      ><ha-state-icon
        .hass=${hass}
        .stateObj=${entity}
        .icon=${iconOf(hass, routine)}
      ></ha-state-icon
    ></span>
    <span class="what">
      <span class="title">${routine.name}</span>
      <span class="duration">${isReady ? duration : word(hass, "card.not_ready")}</span>
    </span>
    <ha-icon icon="mdi:play"></ha-icon>
  </button>`;
}
function dots(hass, done, goal) {
	return b`<span
    class="dots"
    role="img"
    aria-label=${word(hass, "card.goal", {
		done,
		goal
	})}
    >${Array.from({ length: Math.min(Math.max(goal, done), MOST_DOTS) }, (_, day) => b`<i class=${day < done ? "done" : ""}></i>`)}</span
  >`;
}
function figures(hass, mat) {
	const figure = (key, show, note = "") => {
		const entity = stateOf(hass, mat, key);
		return isKnown(entity) ? b`<div>
          <dt>${note || hass.formatEntityName(entity, { type: "entity" })}</dt>
          <dd>${show(number(entity.state), entity)}</dd>
        </div>` : A;
	};
	const streak = stateOf(hass, mat, "sensor.streak")?.attributes;
	const goal = number(stateOf(hass, mat, "sensor.days_this_week")?.attributes.goal);
	return b`<dl class="figures">
    ${figure("sensor.minutes_today", (_, entity) => minutes(hass, entity))}
    ${figure("sensor.days_this_week", (done) => dots(hass, done, goal))}
    ${figure("sensor.streak", (days) => b`<ha-icon class=${days ? "flame" : ""} icon="mdi:fire"></ha-icon
          >${quantity(hass, days, "day", "long")}`, streak?.at_risk ? word(hass, "card.at_risk") : "")}
  </dl>`;
}
var idle = (hass, mat, taps) => b`
  ${mat.routines.length ? b`<div class="routines">
          ${mat.routines.map((routine) => routineButton(hass, routine, taps))}
        </div>` : b`<p class="empty">${word(hass, "card.no_routine")}</p>`}
  ${figures(hass, mat)}
`;
var idleStyles = i$5`
  .routines {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    gap: 8px;
  }
  .routine {
    --tone: var(--primary-color);
    justify-content: start;
    gap: 12px;
    min-height: 64px;
    text-align: start;
    background: color-mix(in srgb, var(--tone) 9%, transparent);
  }
  .badge {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 16%, transparent);
  }
  .what {
    display: grid;
    flex: 1;
    min-width: 0;
  }
  .title {
    overflow-wrap: anywhere;
    font-size: var(--ha-font-size-l, 16px);
  }
  .duration {
    font-weight: 400;
    color: var(--secondary-text-color);
  }
  .routine > ha-icon {
    color: var(--primary-color);
  }
  .figures {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    margin: 0;
    text-align: center;
  }
  .figures > div {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
    gap: 2px;
    padding: 0 4px;
  }
  .figures > div + div {
    border-inline-start: 1px solid var(--divider-color);
  }
  .figures dd {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-height: 28px;
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: 500;
  }
  .figures dt {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  .figures ha-icon {
    --mdc-icon-size: 20px;
    color: var(--disabled-text-color);
  }
  @container (max-width: 260px) {
    .badge {
      display: none;
    }
    .figures {
      grid-auto-flow: row;
      gap: 8px;
    }
    .figures > div + div {
      border-inline-start: none;
    }
  }
  @container (max-width: 180px) {
    .routine > ha-icon {
      display: none;
    }
  }
  .figures .flame {
    color: var(--deep-orange-color, #ff6f22);
  }
  .dots {
    display: flex;
    gap: 4px;
  }
  .dots i {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--primary-text-color) 14%, transparent);
  }
  .dots .done {
    background: var(--primary-color);
  }
`;
// src/scale.ts
/** Questions answered with a number from 0 to 10 in one tap. */
var PAIN = ["card.pain_none", "card.pain_worst"];
var SCALES = {
	pain_before: {
		question: "card.pain_before",
		ends: PAIN
	},
	pain_after: {
		question: "card.pain_after",
		ends: PAIN
	},
	sleep: {
		question: "card.sleep",
		ends: ["card.sleep_none", "card.sleep_best"],
		isGood: true
	}
};
var VALUES = Array.from({ length: 11 }, (_, value) => value);
var scale = (hass, { question, ends, isGood }, chosen, choose) => b`
  <div class="scale" role="group" aria-label=${word(hass, question)}>
    <p class="ask">${word(hass, question)}</p>
    <div class="values">
      ${VALUES.map((value) => b`<button
            aria-label=${word(hass, "card.pain_of_ten", { value })}
            aria-pressed=${value === chosen}
            style="--level: ${isGood ? 10 - value : value}"
            @click=${() => choose(value)}
          >
            ${value}
          </button>`)}
    </div>
    <div class="ends" aria-hidden="true">
      ${ends.map((end) => b`<span>${word(hass, end)}</span>`)}
    </div>
  </div>
`;
var scaleStyles = i$5`
  .scale {
    width: 100%;
  }
  .ask {
    margin-block-end: 8px;
    font-weight: 500;
  }
  .values {
    display: grid;
    grid-template-columns: repeat(11, 1fr);
    gap: 4px;
  }
  .values button {
    --tone: color-mix(
      in srgb,
      var(--deep-orange-color, #ff6f22) calc(var(--level) * 10%),
      var(--teal-color, #009688)
    );
    padding: 0;
    font-variant-numeric: tabular-nums;
    background: color-mix(in srgb, var(--tone) 20%, transparent);
  }
  .values button[aria-pressed="true"] {
    background: color-mix(in srgb, var(--tone) 45%, transparent);
    box-shadow: inset 0 0 0 2px var(--tone);
  }
  .ends {
    display: flex;
    justify-content: space-between;
    margin-block-start: 4px;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  /* Two rows for a finger, and each end of the scale beside its number. */
  @container (max-width: 400px) {
    .values {
      grid-template-columns: repeat(6, 1fr);
      margin-block: 4px;
    }
    .values button:last-child {
      grid-column: span 2;
    }
    .scale {
      display: flex;
      flex-direction: column;
    }
    .ask {
      order: -2;
    }
    .ends {
      display: contents;
    }
    .ends span {
      font-size: var(--ha-font-size-s, 12px);
      color: var(--secondary-text-color);
      align-self: end;
      text-align: end;
    }
    .ends span:first-child {
      order: -1;
      align-self: start;
      text-align: start;
    }
  }
  @container (max-width: 260px) {
    .values {
      grid-template-columns: repeat(4, 1fr);
    }
  }
`;
// src/rating.ts
/**
* The questions after a session, one tap each, and a while to correct it.
*
* How much it hurts now, and the next morning how well one slept.
*/
var RATINGS = ["pain_after", "sleep"];
/** Remembers across pages for which session of a mat a question is not to be answered. */
var skipped = (mat, rating) => `${DOMAIN}_skipped_${rating}_${mat.entryId}`;
/**
* For so long the answer stays where it was given.
*
* It is read, a finger that went beside it taps again, and a second tap at once does
* not hit what comes in its place.
*/
var LINGERS = 1e4;
var Rating = class {
	#host;
	#given;
	#timer;
	constructor(host) {
		this.#host = host;
		host.addController(this);
	}
	hostDisconnected() {
		clearTimeout(this.#timer);
		this.#given = void 0;
	}
	/** What is still open of the last session, or was answered just now. */
	render(hass, mat, records, today) {
		const asked = records && this.#asked(mat, records, today);
		if (!asked) return;
		const isGiven = asked.value !== void 0;
		return b`<div class="rating">
      ${scale(hass, SCALES[asked.rating], asked.value, (value) => void this.#give(hass, mat, {
			...asked,
			value
		}))}
      <p class=${isGiven ? "noted" : "unseen"} role="status">
        ${isGiven ? b`<ha-icon icon="mdi:check"></ha-icon>${word(hass, "card.rated")}` : A}
      </p>
      ${isGiven ? A : b`<button class="quiet" @click=${() => this.#skip(mat, asked)}>
              ${word(hass, "card.rate_skip")}
            </button>`}
    </div>`;
	}
	#asked(mat, records, today) {
		if (records.some(({ id }) => id === this.#given?.id)) return this.#given;
		const now = serverClock.now();
		const open = {
			pain_after: unrated(records, now),
			sleep: unslept(records, today, now)
		};
		for (const rating of RATINGS) {
			const id = open[rating]?.id;
			if (id !== void 0 && id !== localStorage.getItem(skipped(mat, rating))) return {
				rating,
				id
			};
		}
	}
	async #give(hass, mat, given) {
		this.#keep(given);
		try {
			await hass.callService(DOMAIN, "rate_session", {
				config_entry_id: mat.entryId,
				record_id: given.id,
				[given.rating]: given.value
			});
		} catch {
			if (this.#given === given) this.#keep(void 0);
		}
	}
	#keep(given) {
		this.#given = given;
		clearTimeout(this.#timer);
		if (given) this.#timer = setTimeout(() => this.#keep(void 0), LINGERS);
		this.#host.requestUpdate();
	}
	#skip(mat, { rating, id }) {
		localStorage.setItem(skipped(mat, rating), id);
		this.#host.requestUpdate();
	}
};
var ratingStyles = i$5`
  .rating {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
  }
  .noted {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 48px;
    color: var(--secondary-text-color);
  }
`;
// src/session.ts
/** The session that a routine's switch tells of; undefined while there is none. */
function sessionOf(entity) {
	const { started_at, paused_at, phases } = entity?.attributes ?? {};
	if (!entity || !started_at || !phases?.length) return;
	return {
		startedAt: Date.parse(started_at),
		pausedAt: paused_at ? Date.parse(paused_at) : null,
		isOn: entity.state === "on",
		phases: phases.map(({ phase, ends_at }) => ({
			phase,
			endsAt: Date.parse(ends_at)
		}))
	};
}
/** When the time on the mat begins and ends, if nobody pauses any more. */
function onTheMat({ phases, startedAt }) {
	const begin = phases.find(({ phase }) => phase === "prepare")?.endsAt ?? startedAt;
	return {
		begin,
		end: phases.findLast(({ phase }) => phase !== "after")?.endsAt ?? begin
	};
}
/**
* The answers for a moment; undefined once the room is released.
*
* While the switch is on the session has not ended, whatever the clock here says.
*/
function at(session, now) {
	const { phases, isOn, pausedAt } = session;
	const time = pausedAt ?? now;
	const { begin, end } = onTheMat(session);
	const possible = phases.filter(({ phase }) => isOn === (phase !== "after"));
	const current = possible.find(({ endsAt }) => endsAt > time) ?? (isOn ? possible.at(-1) : void 0);
	if (!current) return;
	const remaining = isOn ? Math.max(0, end - Math.max(time, begin)) : 0;
	return {
		phase: current.phase,
		isPaused: pausedAt !== null,
		remaining,
		finishesAt: end,
		phaseRemaining: Math.max(0, current.endsAt - time),
		progress: end > begin ? 1 - remaining / (end - begin) : 1
	};
}
/** The phases on the mat as shares of it. */
function stretches(session) {
	const { begin, end } = onTheMat(session);
	let from = 0;
	return session.phases.filter(({ phase }) => phase !== "prepare" && phase !== "after").map(({ phase, endsAt }) => {
		const stretch = {
			phase,
			from,
			to: (endsAt - begin) / (end - begin)
		};
		from = stretch.to;
		return stretch;
	});
}
// src/styles.ts
/** What all parts share: buttons in the manner of tile features. */
var shared = i$5`
  * {
    box-sizing: border-box;
  }
  h3,
  p {
    overflow-wrap: anywhere;
    margin: 0;
    font-weight: inherit;
  }
  /* Right to left, where a language of ours is not, its full stops stay at the end. */
  p {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    text-wrap: balance;
  }
  button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-width: 0;
    overflow-wrap: anywhere;
    min-height: 48px;
    padding: 8px 12px;
    border: none;
    border-radius: var(--ha-border-radius-lg, 12px);
    background: color-mix(
      in srgb,
      var(--tone, var(--primary-text-color)) 9%,
      transparent
    );
    color: var(--primary-text-color);
    font: inherit;
    font-weight: 500;
    cursor: pointer;
    transition: background-color 180ms ease-in-out;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  @media (hover: hover) {
    button:hover:enabled {
      background: color-mix(
        in srgb,
        var(--tone, var(--primary-text-color)) 16%,
        transparent
      );
    }
  }
  button:active:enabled {
    background: color-mix(
      in srgb,
      var(--tone, var(--primary-text-color)) 24%,
      transparent
    );
  }
  /* Focused for who hears it, not to be pressed. */
  h3:focus {
    outline: none;
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .quiet {
    background: none;
    color: var(--secondary-text-color);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
// src/taps.ts
/** Taps that count once: a finger held overhead in the dark trembles. */
/** So many milliseconds after a tap the same one again is none. */
var TWICE = 500;
var Taps = class {
	/** Until when each is none, on the clock that nobody can set. */
	#notBefore = /* @__PURE__ */ new Map();
	/**
	* Run what a tap asks for, unless the same is under way or was asked for just now.
	*
	* A failure is not passed on, for Home Assistant has shown it, and what failed may
	* be tried again at once.
	*/
	async once(key, run, pause = TWICE) {
		const now = performance.now();
		if (now < (this.#notBefore.get(key) ?? 0)) return;
		this.#notBefore.set(key, Number.POSITIVE_INFINITY);
		try {
			await run();
			this.#notBefore.set(key, now + pause);
		} catch {
			this.#notBefore.delete(key);
		}
	}
};
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function __decorate(decorators, target, key, desc) {
	var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
	if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
	else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
	return c > 3 && r && Object.defineProperty(target, key, r), r;
}
// src/card.ts
/** The card: what one mat offers at this moment. */
var CARD = "acupressure-mat-card";
/** It is over, the room is not released yet. */
var over = (hass) => b`<div class="after">
    <ha-icon icon="mdi:spa-outline"></ha-icon>
    <div>
      <h3 tabindex="-1">${word(hass, "card.after_title")}</h3>
      <p>${word(hass, "card.after")}</p>
    </div>
  </div>`;
var AcupressureMatCard = class extends i$2 {
	#mats = [];
	#mat;
	/** Whose session runs, or is just over and holds the room. */
	#routine;
	#isNight = false;
	#hasFocus = false;
	#taps = new Taps();
	#journal = new Journal(this);
	#rating = new Rating(this);
	static {
		this.getConfigForm = cardForm;
	}
	static getStubConfig(hass) {
		const mat = findMats(hass)[0];
		return {
			...mat && { device_id: mat.deviceId },
			show: "all"
		};
	}
	setConfig(config) {
		this.config = config;
	}
	getCardSize() {
		return (this.config?.show ?? "all") === "all" ? 10 : 6;
	}
	getGridOptions() {
		return {
			columns: 12,
			min_columns: 6,
			rows: "auto"
		};
	}
	willUpdate(changed) {
		const { hass, config } = this;
		this.#hasFocus = !!this.shadowRoot?.activeElement;
		if (hass && changed.has("hass")) {
			const before = changed.get("hass");
			if (before?.entities !== hass.entities || before.devices !== hass.devices) this.#mats = findMats(hass);
			if (before?.language !== hass.language) loadWords(hass);
		}
		if (!hass || !config) return;
		this.#mat = matOf(this.#mats, config.device_id);
		const switches = (this.#mat?.routines ?? []).map((routine) => [routine, stateOf(hass, routine, "switch.session")]);
		this.#routine = switches.find(([, entity]) => sessionOf(entity))?.[0];
		const isDim = this.#routine !== void 0 || this.#isNight && switches.some(([, entity]) => !isKnown(entity));
		this.#isNight = isDim && config.dim !== false && hass.states["sun.sun"]?.state === "below_horizon";
		if (this.#mat) this.#journal.update(hass, this.#mat, config.show === "session");
	}
	updated() {
		if (this.#hasFocus && !this.shadowRoot?.activeElement) this.renderRoot.querySelector("acupressure-mat-session, .after h3, .routine")?.focus({ preventScroll: true });
	}
	render() {
		const { hass, config } = this;
		if (!hass || !config) return A;
		const mat = this.#mat;
		if (!mat) return b`<ha-card><p class="empty">${word(hass, this.#mats.length ? "card.gone" : "card.no_mat")}</p></ha-card>`;
		const routine = this.#routine;
		const session = routine && sessionOf(stateOf(hass, routine, "switch.session"));
		const { records, today } = this.#journal;
		return b`<ha-card class=${this.#isNight ? "night" : ""}>
      ${this.#mats.length > 1 ? b`<h3 class="mat">${mat.name}</h3>` : A}
      <div class="told" role="status">
        ${config.show !== "history" && session && !session.isOn ? over(hass) : A}
      </div>
      ${config.show === "history" ? A : session?.isOn ? b`<acupressure-mat-session
                .hass=${hass}
                .mat=${mat}
                .routine=${routine}
              ></acupressure-mat-session>` : this.#renderOff(hass, mat, session)}
      ${records && config.show !== "session" && (config.show === "history" || !routine) ? i([
			records,
			today,
			hass.language,
			hass.localize
		], () => history(hass, records, today)) : A}
    </ha-card>`;
	}
	/**
	* Nobody lies on the mat; what is just over is rated before anything starts again.
	*
	* Until its record is there nothing can be pressed: what would be there for that
	* moment starts the next session, or rates the one before.
	*/
	#renderOff(hass, mat, after) {
		if (after && this.#journal.awaits(after.startedAt)) return A;
		const { records, today } = this.#journal;
		const rating = this.#rating.render(hass, mat, records, today);
		return b`
      ${rating ?? A} ${after && rating ? A : idle(hass, mat, this.#taps)}
    `;
	}
	static {
		this.styles = [
			shared,
			idleStyles,
			scaleStyles,
			ratingStyles,
			historyStyles,
			i$5`
      :host {
        --settle-color: var(--deep-orange-color, #ff6f22);
        --rest-color: var(--primary-color);
        --wind-down-color: var(--teal-color, #009688);
        display: block;
        container-type: inline-size;
      }
      ha-card {
        display: flex;
        flex-direction: column;
        gap: 16px;
        height: 100%;
        padding: 16px;
        transition:
          background-color 1s,
          color 1s;
      }
      .mat {
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .empty {
        padding: 8px 0;
        color: var(--secondary-text-color);
        text-align: center;
      }
      .empty:empty {
        display: none;
      }
      /* Always there, or what comes into it is not read aloud. */
      .told:not(:has(*)) {
        position: absolute;
      }
      .after,
      .rating {
        width: 100%;
        max-width: 640px;
        margin-inline: auto;
      }
      .after {
        display: flex;
        align-items: center;
        gap: 16px;
      }
      .after h3 {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: 500;
      }
      .after p {
        color: var(--secondary-text-color);
      }
      .after ha-icon {
        --mdc-icon-size: 40px;
        color: var(--wind-down-color);
      }
      /* A bright card would undo the dimmed room. */
      .night {
        --primary-text-color: #d9b48f;
        --secondary-text-color: #b08d6c;
        --primary-color: #c98a4b;
        --rest-color: #c98a4b;
        --settle-color: #c2643a;
        --wind-down-color: #8f9d6a;
        --teal-color: #8f9d6a;
        --deep-orange-color: #c2643a;
        --error-color: #d0694f;
        --divider-color: #3a2c20;
        --card-background-color: #17110c;
        --ha-card-background: #17110c;
        --ha-card-border-color: #17110c;
      }
    `
		];
	}
};
__decorate([n({ attribute: false })], AcupressureMatCard.prototype, "hass", void 0);
__decorate([r()], AcupressureMatCard.prototype, "config", void 0);
// src/breath.ts
/** The breathing guide: a glow that grows and fades, and the words for it. */
/** The glow behind the clock; it stands still unless somebody is to follow it. */
var glow = (breathes) => b`<div class="breath ${breathes ? "moves" : ""}"></div>`;
/** In and out, each while it is time for it. */
var breathWords = (hass) => b`<div class="hint words" aria-hidden="true">
    <span class="in">${word(hass, "card.breathe_in")}</span>
    <span class="out">${word(hass, "card.breathe_out")}</span>
  </div>`;
var breathStyles = i$5`
  .breath {
    position: absolute;
    inset: 10%;
    border-radius: 50%;
    background: radial-gradient(
      closest-side,
      color-mix(in srgb, var(--breath-color) 26%, transparent),
      color-mix(in srgb, var(--breath-color) 10%, transparent) 70%,
      transparent
    );
    opacity: 0.4;
    transform: scale(0.8);
  }
  .words {
    display: grid;
  }
  .words span {
    grid-area: 1 / 1;
    opacity: 0;
  }
  /* Six breaths a minute, the way out a little longer than the way in. */
  .moves {
    animation: breathe 10s ease-in-out infinite;
  }
  .in {
    animation: in 10s ease-in-out infinite;
  }
  .out {
    animation: out 10s ease-in-out infinite;
  }
  @keyframes breathe {
    0%,
    100% {
      transform: scale(0.7);
      opacity: 0.5;
    }
    40% {
      transform: scale(1.12);
      opacity: 1;
    }
  }
  @keyframes in {
    0%,
    45%,
    100% {
      opacity: 0;
    }
    8%,
    35% {
      opacity: 1;
    }
  }
  @keyframes out {
    0%,
    40%,
    100% {
      opacity: 0;
    }
    50%,
    90% {
      opacity: 1;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    /* The sentence below says to breathe slowly; a word that stands would be wrong. */
    .words {
      visibility: hidden;
    }
  }
`;
// src/ring.ts
/** The ring: what is left of each phase on the mat, clockwise from the top. */
var RADIUS = 92;
var WIDTH = 10;
var LENGTH = 2 * Math.PI * RADIUS;
/** Round ends reach beyond a stroke by half its width, and a gap shows between two. */
var INSET = 7 / LENGTH;
var arc = (className, from, to) => w`<circle
  class=${className}
  cx="100" cy="100" r=${RADIUS}
  stroke-dasharray="${Math.max(to - from, .001) * LENGTH} ${LENGTH}"
  stroke-dashoffset=${-from * LENGTH}
></circle>`;
function stretch({ phase, from, to }, progress, isWhole) {
	const begin = isWhole ? from : from + INSET;
	const end = Math.max(isWhole ? to : to - INSET, begin);
	const left = Math.max(begin, progress);
	return w`
    ${arc("track", begin, end)}
    ${left < end ? arc(phase, left, end) : A}
  `;
}
var ring = (stretches, progress) => b`
  <svg class="ring" viewBox="0 0 200 200" aria-hidden="true">
    ${stretches.filter(({ from, to }) => to - from > 2 * INSET).map((each) => stretch(each, progress, stretches.length === 1))}
  </svg>
`;
var ringStyles = i$5`
  .ring {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    transform: rotate(-90deg);
  }
  .ring circle {
    fill: none;
    stroke-width: ${WIDTH};
    stroke-linecap: round;
    stroke: var(--rest-color);
    transition:
      stroke-dasharray 1s linear,
      stroke-dashoffset 1s linear,
      stroke 600ms;
  }
  .ring .settle {
    stroke: var(--settle-color);
  }
  .ring .wind_down {
    stroke: var(--wind-down-color);
  }
  .ring .track {
    stroke: color-mix(in srgb, var(--primary-text-color) 10%, transparent);
  }
`;
// src/stop.ts
/** How a session should end: asked once, answered with one tap, closed with Escape. */
var ANSWERS = [
	[
		"enough",
		"card.stop_enough",
		"main"
	],
	[
		"pain",
		"card.stop_hurts",
		"hurts"
	],
	[
		"mistake",
		"card.stop_mistake",
		""
	]
];
var stopQuestion = (hass, stop, close) => b`<div
    class="question"
    role="group"
    aria-label=${word(hass, "card.stop_question")}
    @keydown=${(event) => event.key === "Escape" && close()}
  >
    <p>${word(hass, "card.stop_question")}</p>
    ${ANSWERS.map(([reason, text, className]) => b`<button class=${className} @click=${() => stop(reason)}>
          ${word(hass, text)}
        </button>`)}
    <button class="quiet" @click=${close}>${word(hass, "card.stop_not")}</button>
  </div>`;
var stopStyles = i$5`
  .question {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .question p {
    grid-column: 1 / -1;
    font-weight: 500;
  }
  @container (max-width: 260px) {
    .question {
      grid-template-columns: 1fr;
    }
  }
  .hurts {
    --tone: var(--error-color);
    background: color-mix(in srgb, var(--tone) 20%, transparent);
  }
`;
// src/ticker.ts
/**
* Renders its host again when what it shows has changed by time alone.
*
* One timer, and only while the host is on a visible page and asks for it: `wait`
* says in how many milliseconds, undefined for never.
*/
var Ticker = class {
	#timer;
	#isConnected = false;
	#host;
	#wait;
	constructor(host, wait) {
		this.#host = host;
		this.#wait = wait;
		host.addController(this);
	}
	hostConnected() {
		this.#isConnected = true;
		this.#host.requestUpdate();
		document.addEventListener("visibilitychange", this.#tick);
	}
	hostDisconnected() {
		this.#isConnected = false;
		document.removeEventListener("visibilitychange", this.#tick);
		clearTimeout(this.#timer);
	}
	hostUpdated() {
		clearTimeout(this.#timer);
		const wait = this.#isConnected && !document.hidden ? this.#wait() : void 0;
		if (wait !== void 0) this.#timer = setTimeout(this.#tick, wait);
	}
	#tick = () => this.#host.requestUpdate();
};
// src/running.ts
/** A session while it runs or is paused: the ring, what to do now, the controls. */
var EXTENSION = 5;
var MINUTE = 6e4;
/** It takes the place of the other, and a second tap at once does not undo the first. */
var ONE_BUTTON = { resume_session: "pause_session" };
var breathes = (phase, isPaused) => !isPaused && (phase === "settle" || phase === "rest");
var RunningSession = class extends i$2 {
	#session;
	#moment;
	#taps;
	constructor() {
		super();
		this.isAsking = false;
		this.#taps = new Taps();
		new Ticker(this, () => {
			const shown = this.#moment && !this.#moment.isPaused ? this.#shown(this.#moment) : 0;
			return shown > 0 ? shown % 1e3 || 1e3 : void 0;
		});
	}
	willUpdate(changed) {
		if (changed.has("hass") || changed.has("routine")) this.#session = sessionOf(stateOf(this.hass, this.routine, "switch.session"));
		serverClock.sync(this.hass).then((isNews) => isNews && this.requestUpdate());
		this.#moment = this.#session && at(this.#session, serverClock.now());
	}
	updated(changed) {
		const wasAsking = changed.get("isAsking");
		if (wasAsking !== void 0) {
			const focus = wasAsking ? ".stop" : ".question button";
			this.renderRoot.querySelector(focus)?.focus();
		}
	}
	/** Put the focus on the phase: it is read, and the controls come next. */
	focus() {
		this.updateComplete.then(() => this.renderRoot.querySelector(".phase")?.focus({ preventScroll: true }));
	}
	/** What the clock shows: in prepare how long until the mat, then what is left on it. */
	#shown({ phase, phaseRemaining, remaining }) {
		return phase === "prepare" ? phaseRemaining : remaining;
	}
	/** Once; no button is disabled meanwhile, for it would lose the focus. */
	#act(action, data) {
		const entity_id = this.routine.entities["switch.session"] ?? "";
		return this.#taps.once(ONE_BUTTON[action] ?? action, () => this.hass.callService(DOMAIN, action, data, { entity_id }), action === "extend_session" ? 0 : void 0);
	}
	render() {
		const moment = this.#moment;
		if (!moment || !this.#session) return A;
		const { hass } = this;
		const { phase, isPaused } = moment;
		const time = clockFace(this.#shown(moment));
		return b`
      <div class="layout ${phase} ${isPaused ? "paused" : ""}">
        <div class="dial">
          ${ring(stretches(this.#session), moment.progress)}
          ${glow(breathes(phase, isPaused))}
          <div class="face">
            <div class="name">${this.routine.name}</div>
            <div
              class="time"
              role="timer"
              aria-label=${word(hass, "card.remaining", { time })}
            >
              ${time}
            </div>
            ${this.#renderHint(moment)}
            <div class="until">
              ${isPaused ? A : word(hass, "card.ends", { time: timeOfDay(hass, moment.finishesAt) })}
            </div>
          </div>
        </div>
        <div class="guide">
          <div aria-live="polite">
            <h3 class="phase" tabindex="-1">
              ${this.#phaseName(isPaused ? "paused" : phase)}
            </h3>
            <p class="sentence">${word(hass, `card.${isPaused ? "paused" : phase}`)}</p>
          </div>
          ${phase === "prepare" && !this.isAsking ? this.#renderPain() : A}
          ${this.isAsking ? stopQuestion(hass, (reason) => void this.#stop(reason), () => {
			this.isAsking = false;
		}) : this.#renderControls(moment)}
        </div>
      </div>
    `;
	}
	#phaseName(name) {
		const sensor = stateOf(this.hass, this.mat, "sensor.phase");
		return sensor ? this.hass.formatEntityState(sensor, name) : this.hass.localize(`component.${DOMAIN}.entity.sensor.phase.state.${name}`);
	}
	/** What stands below the clock. */
	#renderHint({ phase, isPaused, remaining }) {
		if (breathes(phase, isPaused)) return breathWords(this.hass);
		const duration = quantity(this.hass, Math.round(remaining / MINUTE), "minute");
		return b`<div class="hint">
      ${phase === "prepare" ? word(this.hass, "card.then", { duration }) : A}
    </div>`;
	}
	#renderPain() {
		const pain = stateOf(this.hass, this.mat, "number.pain");
		if (!pain || pain.state === "unavailable") return A;
		return scale(this.hass, SCALES.pain_before, isKnown(pain) ? Number(pain.state) : void 0, (value) => void this.hass.callService("number", "set_value", { value }, { entity_id: pain.entity_id }).catch(() => void 0));
	}
	#renderControls({ isPaused }) {
		const { hass } = this;
		const control = (icon, label, run, className = "") => b`
      <button class=${className} @click=${run}>
        <ha-icon icon=${icon}></ha-icon><span>${label}</span>
      </button>
    `;
		return b`<div class="controls">
      ${isPaused ? control("mdi:play", word(hass, "card.resume"), () => void this.#act("resume_session"), "main") : control("mdi:pause", word(hass, "card.pause"), () => void this.#act("pause_session"))}
      ${control("mdi:timer-plus-outline", word(hass, "card.extend", { minutes: quantity(hass, EXTENSION, "minute") }), () => void this.#act("extend_session", { duration: { minutes: EXTENSION } }))}
      ${control("mdi:skip-next", word(hass, "card.skip"), () => void this.#act("skip_phase"))}
      ${control("mdi:stop", word(hass, "card.stop"), () => {
			this.isAsking = true;
		}, "stop")}
    </div>`;
	}
	async #stop(reason) {
		await this.#act("stop_session", { reason });
		this.isAsking = false;
	}
	static {
		this.styles = [
			shared,
			ringStyles,
			scaleStyles,
			breathStyles,
			stopStyles,
			i$5`
      .layout {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 16px;
        --breath-color: var(--rest-color);
      }
      .settle {
        --breath-color: var(--settle-color);
      }
      .dial {
        position: relative;
        flex: none;
        container-type: inline-size;
        width: min(272px, 74cqi);
        aspect-ratio: 1;
      }
      .face {
        position: absolute;
        inset: 16%;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        text-align: center;
      }
      .name,
      .until,
      .hint {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--secondary-text-color);
      }
      .hint {
        height: 1.4em;
      }
      .until {
        height: 1.4em;
        margin-block-start: 8px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .time {
        font-size: 20cqi;
        line-height: 1.2;
        font-weight: 300;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
      }
      .paused .ring {
        opacity: 0.45;
      }
      .guide {
        display: flex;
        flex-direction: column;
        gap: 16px;
        width: 100%;
        text-align: center;
      }
      .phase {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: 500;
      }
      .sentence {
        margin-block-start: 4px;
        min-height: 2.8em;
        line-height: 1.4;
        color: var(--secondary-text-color);
      }
      .controls {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 8px;
      }
      .controls button {
        flex-direction: column;
        gap: 4px;
        padding: 10px 4px;
        font-size: var(--ha-font-size-s, 12px);
        line-height: 1.2;
      }
      .controls span {
        max-width: 100%;
        overflow-wrap: anywhere;
      }
      .main {
        --tone: var(--primary-color);
        background: color-mix(in srgb, var(--tone) 20%, transparent);
      }
      /* A word of each language fits into a button of this width, and no less. */
      @container (max-width: 340px) {
        .controls {
          grid-template-columns: 1fr 1fr;
        }
      }
      @container (max-width: 180px) {
        .controls {
          grid-template-columns: 1fr;
        }
      }
      @container (min-width: 600px) {
        .layout {
          flex-direction: row;
          gap: 24px;
          max-width: 800px;
          margin: auto;
        }
        .dial {
          width: min(320px, 40cqi);
        }
        .guide,
        .scale {
          text-align: start;
        }
      }
    `
		];
	}
};
__decorate([n({ attribute: false })], RunningSession.prototype, "hass", void 0);
__decorate([n({ attribute: false })], RunningSession.prototype, "mat", void 0);
__decorate([n({ attribute: false })], RunningSession.prototype, "routine", void 0);
__decorate([r()], RunningSession.prototype, "isAsking", void 0);
// src/strategy.ts
/** A whole dashboard in one click: Home Assistant's own cards and ours, for each mat. */
var STRATEGY = "acupressure-mat";
var tile = (entity, more = {}) => entity ? [{
	type: "tile",
	entity,
	...more
}] : [];
var heading = (text, deviceId) => ({
	type: "heading",
	heading: text,
	...deviceId && { tap_action: {
		action: "navigate",
		navigation_path: `/config/devices/device/${deviceId}`
	} }
});
var named = { name: { type: "entity" } };
var calendar = ({ entities }) => {
	const journal = entities["calendar.journal"];
	return journal ? [{
		type: "calendar",
		entities: [journal],
		initial_view: "dayGridMonth",
		grid_options: {
			columns: 12,
			rows: 8
		}
	}] : [];
};
var card$1 = ({ deviceId }, show) => ({
	type: `custom:${CARD}`,
	device_id: deviceId,
	show
});
/** The mat's own card, and beside it how long is planned and how the weeks went. */
var tonight = (mat) => [[card$1(mat, "session")], [...tile(mat.entities["sensor.plan"], {
	...named,
	grid_options: { columns: 12 }
}), card$1(mat, "history")]];
function routine(hass, routine) {
	const { name, deviceId, entities } = routine;
	const icon = iconOf(hass, routine);
	return [
		heading(name, deviceId),
		...tile(entities["switch.session"], {
			...named,
			...icon && { icon },
			features: [{ type: "toggle" }]
		}),
		...tile(entities["number.duration"], {
			...named,
			features: [{
				type: "numeric-input",
				style: "buttons"
			}]
		})
	];
}
var past = (mat) => [[card$1(mat, "history")], calendar(mat)];
function statistics(mat, text) {
	const id = `${DOMAIN}:${mat.entryId.toLowerCase()}`;
	const graph = (title, what, period, days_to_show) => [{
		type: "statistics-graph",
		title: text(title),
		chart_type: "bar",
		stat_types: ["change"],
		entities: [{
			entity: `${id}_${what}`,
			name: text(title)
		}],
		hide_legend: true,
		period,
		days_to_show
	}];
	return [
		graph("dashboard.minutes_a_day", "minutes", "day", 30),
		graph("dashboard.minutes_a_week", "minutes", "week", 180),
		graph("dashboard.sessions_a_month", "sessions", "month", 365)
	];
}
function logbook(mat) {
	const told = mat.entities["binary_sensor.session"];
	if (!told) return [];
	return [[{
		type: "logbook",
		target: { entity_id: [told] },
		hours_to_show: 168,
		grid_options: {
			columns: "full",
			rows: 10
		}
	}]];
}
var COLUMNS = 3;
var AcupressureMatStrategy = class extends HTMLElement {
	static {
		this.noEditor = true;
	}
	static {
		this.registryDependencies = ["entities", "devices"];
	}
	static async getCreateSuggestions(hass) {
		return {
			title: word({ localize: await loadWords(hass) }, "dashboard.name"),
			icon: "mdi:spa"
		};
	}
	static async generate(_config, hass) {
		const localize = await loadWords(hass);
		const text = (key) => word({ localize }, key);
		const mats = findMats(hass);
		const view = (path, sections) => ({
			title: text(`dashboard.${path}`),
			path,
			type: "sections",
			max_columns: COLUMNS,
			sections: (mats.length ? mats : [void 0]).flatMap((mat) => {
				if (!mat) return [{
					type: "grid",
					cards: [{ type: `custom:${CARD}` }]
				}];
				const full = sections(mat).filter(({ length }) => length);
				const title = {
					type: "grid",
					column_span: COLUMNS,
					cards: [heading(mat.name, mat.deviceId)]
				};
				return [...mats.length > 1 ? [title] : [], ...full.map((cards) => ({
					type: "grid",
					column_span: full.length === 1 ? COLUMNS : 1,
					cards
				}))];
			})
		});
		return { views: [
			view("tonight", tonight),
			view("routines", (mat) => mat.routines.length ? mat.routines.map((each) => routine(hass, each)) : [[card$1(mat, "session")]]),
			view("history", past),
			view("statistics", (mat) => statistics(mat, text)),
			view("logbook", logbook)
		] };
	}
};
// src/index.ts
/** Defines the card and the dashboard strategy and tells Home Assistant of them. */
var shop = window;
var card = {
	type: CARD,
	name: "Acupressure mat",
	description: "",
	preview: true,
	getEntitySuggestion(hass, entityId) {
		const entry = hass.entities[entityId];
		return entry?.platform === "acupressure_mat" ? { config: {
			type: `custom:${CARD}`,
			device_id: entry.device_id,
			show: "all"
		} } : null;
	}
};
var strategy = {
	type: STRATEGY,
	strategyType: "dashboard",
	name: "Acupressure mat",
	description: ""
};
/** The pickers read these at any time and ask nobody, so they are kept translated. */
async function translate() {
	const hass = currentHass();
	if (hass) {
		const localize = await loadWords(hass);
		card.name = word({ localize }, "card.name") || card.name;
		card.description = word({ localize }, "card.description");
		strategy.name = word({ localize }, "dashboard.name") || strategy.name;
		strategy.description = word({ localize }, "dashboard.description");
	}
}
function define(tag, element) {
	if (!customElements.get(tag)) customElements.define(tag, element);
}
define("acupressure-mat-session", RunningSession);
define(`ll-strategy-dashboard-${STRATEGY}`, AcupressureMatStrategy);
if (!customElements.get("acupressure-mat-card")) {
	define(CARD, AcupressureMatCard);
	shop.customCards ??= [];
	shop.customCards.push(card);
	shop.customStrategies ??= [];
	shop.customStrategies.push(strategy);
	window.addEventListener("translations-updated", () => void translate());
	translate();
}
