import { concatBytes } from '@yaolian/kernel';
import type { PackageDescription, PackageProblem, PackageStore } from './ports.ts';

export interface MemoryPackageStoreOptions {
  /** Larger packages are refused with `not-enough-storage`. Default 16 MiB. */
  readonly maximumBytes?: number;
  /** Looks at the whole package. Default: all are good. */
  readonly verify?: (bytes: Uint8Array) => PackageDescription | PackageProblem;
}

/** Keeps a package in memory. */
export class MemoryPackageStore implements PackageStore {
  readonly #options: MemoryPackageStoreOptions;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(options: MemoryPackageStoreOptions = {}) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  /** What has come so far. */
  get bytes(): Uint8Array {
    return concatBytes(this.#parts);
  }

  begin(size: number | undefined): PackageProblem | undefined {
    this.clear();
    return this.#fits(size ?? 0);
  }

  append(bytes: Uint8Array): PackageProblem | undefined {
    const problem = this.#fits(this.#length + bytes.length);
    if (problem) return problem;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return undefined;
  }

  complete(): PackageDescription | PackageProblem {
    return this.#options.verify?.(this.bytes) ?? {};
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
  }

  #fits(size: number): PackageProblem | undefined {
    return size > (this.#options.maximumBytes ?? 16 * 1024 * 1024) ? 'not-enough-storage' : undefined;
  }
}
