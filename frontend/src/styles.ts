import { css } from "lit";

/** What all parts share: buttons in the manner of tile features. */
export const shared = css`
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
