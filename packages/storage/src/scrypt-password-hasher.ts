import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { HmacSha1, PasswordHasher, SecretDigest } from '@yaolian/directory';
import { storageErrors } from './errors.ts';

export interface ScryptOptions {
  /** Binary logarithm of the cost N. Default 15: 32 MiB and some 60 ms a hash. */
  readonly costLogarithm?: number;
  /** So many hashes run at once. Default 2. */
  readonly maxRunning?: number;
  /** So many wait beyond those; more are turned away with PASSWORD_HASHER_BUSY. Default 32. */
  readonly maxWaiting?: number;
}

const blockSize = 8;
const parallelization = 1;
const saltLength = 16;
const keyLength = 32;
/** What a stored hash may ask for at most: a damaged one must not take the machine's memory. */
const maxCostLogarithm = 20;
const hashText = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/;

/** scrypt (RFC 7914) in the PHC text form: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`. */
export class ScryptPasswordHasher implements PasswordHasher {
  readonly #costLogarithm: number;
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: ScryptOptions = {}) {
    this.#costLogarithm = options.costLogarithm ?? 15;
    this.#maxRunning = options.maxRunning ?? 2;
    this.#maxWaiting = options.maxWaiting ?? 32;
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltLength);
    const key = await this.#derive(password, salt, this.#costLogarithm);
    return `$scrypt$ln=${this.#costLogarithm},r=${blockSize},p=${parallelization}$${base64(salt)}$${base64(key)}`;
  }

  async verify(password: string, hash: string): Promise<boolean> {
    const match = hashText.exec(hash);
    if (!match) return false;
    const costLogarithm = Number(match[1]);
    if (costLogarithm < 1 || costLogarithm > maxCostLogarithm) return false;
    const key = await this.#derive(password, Buffer.from(match[2]!, 'base64'), costLogarithm);
    return timingSafeEqual(key, Buffer.from(match[3]!, 'base64'));
  }

  async #derive(password: string, salt: Uint8Array, costLogarithm: number): Promise<Buffer> {
    await this.#enter();
    try {
      return await derive(password, salt, 2 ** costLogarithm);
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#running < this.#maxRunning) {
      this.#running++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxWaiting) return Promise.reject(storageErrors.PASSWORD_HASHER_BUSY());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}

function derive(password: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  // RFC 7914 §2: 128 * N * r bytes; OpenSSL wants some room beside them.
  const maxmem = 128 * cost * blockSize + 2 ** 20;
  return new Promise((resolve, reject) => {
    const parameters = { N: cost, r: blockSize, p: parallelization, maxmem };
    scrypt(password, salt, keyLength, parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** SHA-256 of OpenSSL. */
export const secretDigest: SecretDigest = {
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
};

/** For codes that change with time (RFC 6238). */
export const hmacSha1: HmacSha1 = (key, message) => new Uint8Array(createHmac('sha1', key).update(message).digest());
