import { packageOf, type Target } from '../binaries/targets.js';
import { ADDON_FILE, type Manifest } from '../repository.js';

/** A manifest as it is published. */
export type Published = Manifest & Readonly<Record<string, unknown>>;

/** What only a clone needs. */
const NOT_PUBLISHED = new Set(['scripts', 'devDependencies', 'gypfile']);

/**
 * The manifest of a package of the workspace, for publishing. The packages ask for each other at exactly this
 * version: the protocol between them may change in any version.
 */
export function publishedManifest(manifest: Manifest): Published {
  const entries = Object.entries({ ...manifest, ...repository() }).filter(([key]) => !NOT_PUBLISHED.has(key));
  const released = (ranges: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, range === 'workspace:*' ? manifest.version : range]),
    );
  return {
    ...(Object.fromEntries(entries) as Published),
    dependencies: released(manifest.dependencies),
    ...(manifest.peerDependencies === undefined ? {} : { peerDependencies: released(manifest.peerDependencies) }),
  };
}

/**
 * The addon's package asks for every platform's; a package manager installs those that fit. The list is written
 * here and not in the workspace, where none of them is, so that a clone can be installed by its lockfile.
 */
export function nativeManifest(manifest: Manifest, targets: readonly Target[]): Published {
  return {
    ...publishedManifest(manifest),
    // binding.gyp is in a folder of its own: where one is beside the manifest, npm and pnpm compile it, or say
    // that they would have.
    files: [...(manifest.files ?? []), 'source'],
    optionalDependencies: Object.fromEntries(targets.map((target) => [packageOf(target), manifest.version])),
  };
}

/** The manifest of a platform's package, which is not written down anywhere else: all but its target is the same. */
export function platformManifest(target: Target, { version, license, engines }: Manifest): Published {
  return {
    name: packageOf(target),
    version,
    description: `The compiled addon of psutil-extra for ${target.name}`,
    license,
    ...repository(),
    engines,
    os: [target.os],
    cpu: [target.cpu],
    ...(target.libc === undefined ? {} : { libc: [target.libc] }),
    type: 'commonjs',
    main: ADDON_FILE,
    files: [ADDON_FILE],
    // Yarn would leave it in an archive, out of which no system loads a library.
    preferUnplugged: true,
  };
}

/** What a manifest says of the repository. A package's provenance is checked against it. */
interface OfRepository {
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
  readonly repository?: { readonly type: 'git'; readonly url: string };
}

/** The forge says in which repository a release is made; where its issues and its README are follows from that. */
function repository(): OfRepository {
  const address = repositoryAddress();
  if (address === undefined) return {};
  return {
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git` },
  };
}

/** Its page on the forge; undefined where no forge makes this release. */
export function repositoryAddress(): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server === undefined || name === undefined ? undefined : `${server}/${name}`;
}
