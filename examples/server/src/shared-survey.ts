import type { Survey } from './survey.js';

/**
 * One scan for all callers: a call while it is under way waits for that one, and a call that accepts one
 * that is a little old gets the last, be it a sample.
 */
export class SharedSurvey {
  readonly #make: () => Promise<Survey>;
  #last: Survey | undefined;
  #underWay: Promise<Survey> | undefined;
  /** Scans and samples made so far. */
  made = 0;

  constructor(make: () => Promise<Survey>) {
    this.#make = make;
  }

  /** One that is at most this many milliseconds old. */
  async fresh(maxAge: number): Promise<Survey> {
    if (this.#last !== undefined && Date.now() - this.#last.at <= maxAge) return this.#last;
    this.#underWay ??= this.#begin();
    return this.#underWay;
  }

  /** One that was made anyhow. */
  add(survey: Survey): void {
    this.#last = survey;
    this.made++;
  }

  async #begin(): Promise<Survey> {
    try {
      const made = await this.#make();
      this.add(made);
      return made;
    } finally {
      this.#underWay = undefined;
    }
  }
}
