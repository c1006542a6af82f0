// npm run test:matrix -- [proof…]: everything that can be shown of other Nodes and other systems on this machine.
import { emulatedProof } from './emulated.js';
import { muslProof } from './musl.js';
import { nodeProofs } from './nodes.js';

const proofs = [muslProof, emulatedProof, ...nodeProofs];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0) throw new Error(`no ${unknown.join(', ')}: ${proofs.map(({ name }) => name).join(', ')}`);

for (const { name, prove } of proofs.filter((proof) => wanted.length === 0 || wanted.includes(proof.name))) {
  const from = performance.now();
  try {
    const seen = await prove();
    console.log(`${name}: ${seen} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${(error as Error).message}`);
  }
}
