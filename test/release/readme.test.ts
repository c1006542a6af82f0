import { describe, expect, it } from 'vitest';
import { readmeOfPackage } from '../../release/dist/packages/readme.js';
import { documents, read } from '../documents/markdown.js';

const ADDRESS = 'https://forge.example/owner/psutil-extra';

describe('the README of the package', () => {
  it('is that of the repository, and its links lead there', () => {
    const text = readmeOfPackage(read('README.md'), ADDRESS);
    const targets = Array.from(text.matchAll(/\]\(([^)]*)\)/g), ([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !target.startsWith('https://'))).toEqual([]);
    expect(targets).toContain(`${ADDRESS}/blob/HEAD/docs/fields.md`);
    expect(targets).toContain(`${ADDRESS}/raw/HEAD/site/pages/public/terminal.svg`);
  });

  it('of another folder has links that begin there', () => {
    const text = 'A [unit](deploy/a.service), and [why](../../docs/a.md).';
    expect(readmeOfPackage(text, ADDRESS, 'packages/metrics')).toBe(
      `A [unit](${ADDRESS}/blob/HEAD/packages/metrics/deploy/a.service), and [why](${ADDRESS}/blob/HEAD/docs/a.md).`,
    );
  });

  it('has words without links and no picture if the address of the repository is not known', () => {
    const text = readmeOfPackage(
      'A [list](docs/a.md).\n\n![Shown](a.svg)\n\nSee [it](https://a.example).\n',
      undefined,
    );
    expect(text).toBe('A list.\n\nSee [it](https://a.example).\n');
  });

  it('leads to no page that it cannot name', () => {
    const text = readmeOfPackage(read('README.md'), undefined);
    expect(text.match(/\S*\.md\b/g)).toBe(null);
    expect(text).not.toMatch(/Learn more|All options|More recipes|<!--/);
    expect(text).toContain('## Licence');
    expect(text).not.toContain('\n\n\n');
  });

  it('has no marks where it has links', () => {
    expect(readmeOfPackage(read('README.md'), ADDRESS)).not.toContain('<!--');
    expect(readmeOfPackage(read('README.md'), ADDRESS)).toContain('## Learn more');
  });

  it('is written once', () => {
    expect(documents()).not.toContain('packages/client/README.md');
  });
});
