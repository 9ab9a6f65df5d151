/**
 * Fails unless the committed card is what its source builds, and small.
 *
 * Builds into a folder of its own, so that checking changes nothing.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const MOST = 30_000;
const NAME = "acupressure-mat.js";
const committed = readFileSync(
  join(import.meta.dirname, "../../custom_components/acupressure_mat/www", NAME),
);

const folder = mkdtempSync(join(tmpdir(), "card-"));
try {
  await build({
    root: join(import.meta.dirname, ".."),
    logLevel: "warn",
    build: { outDir: folder },
  });
  if (!readFileSync(join(folder, NAME)).equals(committed)) {
    throw new Error(`${NAME} is not what its source builds: run npm run build`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

const size = gzipSync(committed, { level: 9 }).length;
if (size > MOST) {
  throw new Error(`${NAME} has ${size} bytes gzipped, more than ${MOST}`);
}
