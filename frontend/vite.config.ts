import { defineConfig } from "vitest/config";

// One module that Home Assistant loads as it is; not minified, so that the committed
// file can be read and a change of it reviewed.
export default defineConfig({
  build: {
    lib: {
      entry: "src/index.ts",
      formats: ["es"],
      fileName: () => "acupressure-mat.js",
    },
    outDir: "../custom_components/acupressure_mat/www",
    emptyOutDir: false,
    copyPublicDir: false,
    minify: false,
    target: "es2023",
    reportCompressedSize: false,
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
