import type { RenewsCode } from './association.ts';
import type { AssociationChange } from './association-change.ts';
import { type CodeMaking, type IssuedCode, makeCode } from './verification-code.ts';

export interface CodeRenewalOptions {
  readonly making: CodeMaking;
  /** Whether a device gets another code. */
  readonly isDue: (device: string) => boolean;
  /** Writes the line of the audit trail; it goes to disk with the code. */
  readonly note: (device: string) => void;
  /** Told of each new code once it is kept. */
  readonly onIssued: (issued: IssuedCode) => void;
}

/**
 * The codes of devices that lose their last owner by one change: who had a device knows its code, and must not come back to it from afar when it
 * has been given away.
 */
export class CodeRenewal {
  readonly #options: CodeRenewalOptions;
  readonly #issued: IssuedCode[] = [];

  constructor(options: CodeRenewalOptions) {
    this.#options = options;
  }

  /** For the store, while it decides the change. */
  readonly renew: RenewsCode = (device) => {
    if (!this.#options.isDue(device)) return undefined;
    const { stored, issued } = makeCode(this.#options.making, device);
    this.#issued.push(issued);
    return stored;
  };

  /** What is to be told of them, and noted: to be asked for when the change was decided. */
  decided(): readonly AssociationChange[] {
    for (const { device } of this.#issued) this.#options.note(device);
    return this.#issued.map(({ device, expiresAt }) => ({ kind: 'code-reset', device, by: undefined, expiresAt }));
  }

  /** They are on disk with the change. */
  done(): void {
    for (const issued of this.#issued) this.#options.onIssued(issued);
  }
}
