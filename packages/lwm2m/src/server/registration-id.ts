import { encodeBase64Url, type Random } from '@yaolian/kernel';

const idBytes = 9;
const idsAtATime = 128;

/**
 * Makes registration ids: 72 random bits in twelve characters. Nobody guesses one of another terminal's, and ids of before a
 * restart do not come again.
 */
export class RegistrationIds {
  readonly #random: Random;
  /** Random bytes cost a call into the system's source however few they are. */
  #bytes: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    if (this.#used >= this.#bytes.length) {
      this.#bytes = this.#random.bytes(idBytes * idsAtATime);
      this.#used = 0;
    }
    const id = encodeBase64Url(this.#bytes.subarray(this.#used, this.#used + idBytes));
    this.#used += idBytes;
    return id;
  }
}
