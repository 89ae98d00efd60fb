import { setTimeout as delay } from 'node:timers/promises';

/** A service that answers after a while, and fails as often as it is told to. */
export class Remote {
  constructor(millis, failures = 0) { this.millis = millis; this.failures = failures; this.calls = 0; }
  async ask(question) {
    this.calls += 1;
    await delay(this.millis);
    if (this.calls <= this.failures) throw new Error('unavailable');
    return `${question}: yes`;
  }
}

/** Asks again when the service fails. */
export async function patiently(remote, question, tries) {
  for (let i = 1; ; i += 1) {
    try { return await remote.ask(question); } catch (error) { if (i >= tries) throw error; }
  }
}
