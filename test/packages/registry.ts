import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Published } from '@psutil-extra/release/packages/manifests';
import type { Packed } from '@psutil-extra/release/packages/pack';

/** A package registry on this machine, for the packages of one scope. */
export interface Registry extends AsyncDisposable {
  readonly url: string;
}

// Package managers may be set to reject what was published a moment ago.
const PUBLISHED = '2020-01-01T00:00:00.000Z';

/** The hash of an empty file: Yarn 1 wants one of each package, also of those that it leaves out. */
const NOTHING = `sha512-${createHash('sha512').digest('base64')}`;

/**
 * Serves packed packages, and the manifests of others that do not exist, such as those of platforms that were not
 * compiled here: fetching one of them is a fault, and fails. It redirects everything else to the registry
 * `elsewhere`, if there is one, as if everything were published there.
 */
export async function registryOf(
  packed: readonly Packed[],
  others: readonly Published[],
  elsewhere?: string,
): Promise<Registry> {
  const files = new Map(packed.map(({ manifest, tarball }) => [`/files/${fileOf(manifest)}`, tarball]));
  const documents = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const file = files.get(path);
    const document = documents.get(path.slice(1));
    if (file !== undefined) {
      createReadStream(file).pipe(response.setHeader('content-type', 'application/octet-stream'));
    } else if (document === undefined && elsewhere !== undefined) {
      response.writeHead(307, { location: new URL(`.${request.url}`, elsewhere).href }).end();
    } else if (document === undefined) {
      response.writeHead(404).end('{}');
    } else {
      response.setHeader('content-type', 'application/json').end(document);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const { manifest, integrity } of packed) documents.set(manifest.name, documentOf(manifest, url, { integrity }));
  for (const manifest of others) documents.set(manifest.name, documentOf(manifest, url, { integrity: NOTHING }));
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function documentOf(manifest: Published, url: string, hash: { readonly integrity: string }): string {
  const { name, version } = manifest;
  const dist = { tarball: `${url}/files/${fileOf(manifest)}`, ...hash };
  return JSON.stringify({
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
  });
}

function fileOf({ name, version }: Published): string {
  return `${name.replace('/', '+')}-${version}.tgz`;
}
