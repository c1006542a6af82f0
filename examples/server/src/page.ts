import { readdirSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const;

/** The page, its style sheets and its modules. */
const FILES: readonly { readonly path: string; readonly file: string }[] = [
  { path: '/', file: '../page/index.html' },
  ...filesIn('../page/', '.css'),
  ...filesIn('page/', '.js'),
];

function filesIn(folder: string, extension: string): { path: string; file: string }[] {
  return readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(extension))
    .map((name) => ({ path: `/${name}`, file: folder + name }));
}

/** Any user chooses process names: whatever a name may contain, only these files run. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'";

/** The page and what belongs to it. */
export function pageRoutes(app: FastifyInstance): void {
  for (const { path, file } of FILES) {
    const content = readFileSync(new URL(file, import.meta.url));
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES];
    app.get(path, (_request, reply) =>
      reply
        .headers({
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
        })
        .type(type)
        .send(content),
    );
  }
}
