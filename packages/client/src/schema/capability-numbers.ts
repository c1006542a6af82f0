import { invalidValue } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';
import { CAPABILITIES, type CapabilitySet } from './capability-set.js';
import { NamedSet } from './named-set.js';

/** @internal The set of these bits. */
export function capabilitySet(bits: bigint): CapabilitySet {
  return new CapabilityNumbers(bits);
}

class CapabilityNumbers extends NamedSet implements CapabilitySet {
  constructor(bits: bigint) {
    super();
    this.addBits(Number(BigInt.asIntN(32, bits)), 0);
    this.addBits(Number(BigInt.asIntN(32, bits >> 32n)), 32);
  }

  protected override get first(): number {
    return 0;
  }

  protected override numberOf(name: string): number {
    const known = (CAPABILITIES as readonly string[]).indexOf(name);
    if (known >= 0) return known;
    const number = Number(/^CAP_(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (number < 64) return number;
    throw invalidValue(
      'capability',
      `must be a capability's number or its name, such as 'CAP_NET_ADMIN'${didYouMean(name, CAPABILITIES, 'CAP_')}`,
      name,
    );
  }

  protected override nameOf(number: number): string {
    return CAPABILITIES[number] ?? `CAP_${number}`;
  }

  protected override get kind(): string {
    return 'CapabilitySet';
  }
}

// Kept like that of its base class.
Object.defineProperty(CapabilityNumbers.prototype, 'constructor', { value: Set, configurable: true, writable: true });
