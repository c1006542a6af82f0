import type { Published } from './manifests.js';

/**
 * The disagreements among packages that are to be published: all are of one version, and each asks for
 * those of ours that are among them, at that version and at no other one.
 */
export function disagreements(manifests: readonly Published[], version: string): string[] {
  const ours = new Set(manifests.map(({ name }) => name));
  return manifests.flatMap((manifest) => {
    const { name } = manifest;
    const asked = Object.entries({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    });
    const related = asked.filter(([each]) => each === 'psutil-extra' || each.startsWith('@psutil-extra/'));
    return [
      ...(manifest.version === version ? [] : [`${name} is ${manifest.version}, and not ${version}`]),
      ...related.filter(([each]) => !ours.has(each)).map(([each]) => `${name} asks for ${each}, which is not packed`),
      ...related
        .filter(([, range]) => range !== version)
        .map(([each, range]) => `${name} asks for ${each} ${range}, and not ${version}`),
    ];
  });
}
