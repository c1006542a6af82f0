import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const;

const FILES: readonly { readonly path: string; readonly file: string }[] = [
  { path: '/', file: '../page/index.html' },
  { path: '/style.css', file: '../page/style.css' },
  ...['page', 'table', 'row', 'pictures', 'detail', 'filter', 'values'].map((name) => ({
    path: `/${name}.js`,
    file: `page/${name}.js`,
  })),
];

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
