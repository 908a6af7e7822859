import { createHash, type Hash } from 'node:crypto';
import type { PackageDescription, PackageProblem, PackageStore } from '@yaolian/lwm2m/client';
import { type ContainerHeader, maximumHeader, readHeader } from './container.ts';

export interface HashingStoreOptions {
  /** The model that packages have to be for. */
  readonly model: string;
  /** Default 64 MiB. */
  readonly maximumBytes?: number;
  /** A problem to have, and when. */
  readonly trouble?: PackageProblem | undefined;
}

/** Checks a package as it comes and keeps nothing but its header: thousands of terminals can take one at a time. */
export class HashingStore implements PackageStore {
  readonly #options: HashingStoreOptions;
  #length = 0;
  #start = Buffer.alloc(0);
  #header: ContainerHeader | undefined;
  #problem: PackageProblem | undefined;
  #hash: Hash = createHash('sha256');

  constructor(options: HashingStoreOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  begin(size: number | undefined): PackageProblem | undefined {
    this.clear();
    return this.#fits(size ?? 0);
  }

  append(bytes: Uint8Array): PackageProblem | undefined {
    this.#length += bytes.length;
    const { trouble } = this.#options;
    if (trouble === 'out-of-memory' && this.#length > 4096) return trouble;
    if (this.#header) this.#hash.update(bytes);
    else this.#readHeader(bytes);
    return this.#fits(this.#length);
  }

  complete(): PackageDescription | PackageProblem {
    const { trouble, model } = this.#options;
    if (trouble === 'integrity' || trouble === 'unsupported-type') return trouble;
    if (this.#problem || !this.#header) return this.#problem ?? 'unsupported-type';
    const { name, version, size, sha256, length } = this.#header;
    if (this.#header.model !== undefined && this.#header.model !== model) return 'unsupported-type';
    if (this.#length !== length + size || this.#hash.digest('hex') !== sha256) return 'integrity';
    return { name, version };
  }

  clear(): void {
    this.#length = 0;
    this.#start = Buffer.alloc(0);
    this.#header = undefined;
    this.#problem = undefined;
    this.#hash = createHash('sha256');
  }

  #readHeader(bytes: Uint8Array): void {
    if (this.#problem) return;
    this.#start = Buffer.concat([this.#start, bytes]);
    const header = readHeader(this.#start);
    if (header === undefined && this.#start.length < maximumHeader) return;
    if (typeof header === 'object') {
      this.#header = header;
      this.#hash.update(this.#start.subarray(header.length));
    } else this.#problem = header ?? 'unsupported-type';
    this.#start = Buffer.alloc(0);
  }

  #fits(size: number): PackageProblem | undefined {
    const { trouble, maximumBytes = 64 * 1024 * 1024 } = this.#options;
    return trouble === 'not-enough-storage' || size > maximumBytes ? 'not-enough-storage' : undefined;
  }
}
