import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duration, type Log, seconds, type Timer, type Timers } from '@yaolian/kernel';
import { type CertificateFacts, certificateFacts, certificatesOfPem, pemOf, writePem } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { FileTrouble } from './file-trouble.ts';
import { readSetting, tlsFolder } from './stream-service.ts';

export interface LiveAuthoritiesOptions {
  readonly config: Pick<Config, 'tls.client-ca' | 'tls.max-client-ca'>;
  readonly dataFolder: string;
  readonly timers: Timers;
  readonly log: Log;
  /** How often the file of `tls.client-ca` is looked at. Default 10 s. */
  readonly lookEvery?: Duration;
}

/** An authority whose certificates of terminals and clients are believed. */
export interface Authority {
  readonly der: Uint8Array;
  readonly facts: CertificateFacts;
  /** Of the file of `tls.client-ca`, or added by an admin. */
  readonly origin: 'files' | 'imported';
}

/** All of them, in PEM; undefined: there are none. */
type Take = (authorities: string | undefined) => void;

/** Whose certificates of terminals and clients are believed: those of a file, which is looked at again, and those that an admin added. */
export class LiveAuthorities {
  readonly #options: LiveAuthoritiesOptions;
  readonly #addedFile: string;
  readonly #takers = new Set<Take>();
  /** Also those that are in the file, too: once they are gone from there, they are still added. */
  #added: readonly Authority[];
  #list: readonly Authority[];
  #changing: Promise<void> = Promise.resolve();
  readonly #trouble = new FileTrouble();
  #timer: Timer | undefined;
  #isClosed = false;

  private constructor(
    options: LiveAuthoritiesOptions,
    addedFile: string,
    ofFile: readonly Authority[],
    added: readonly Authority[],
  ) {
    this.#options = options;
    this.#addedFile = addedFile;
    this.#added = added;
    this.#list = merged(ofFile, added);
    if (options.config['tls.client-ca'] !== undefined) this.#schedule();
  }

  /** @throws YaolianError TLS_SETTING_BAD, TLS_CREDENTIALS_BAD */
  static async open(options: LiveAuthoritiesOptions): Promise<LiveAuthorities> {
    const addedFile = join(tlsFolder(options.dataFolder), 'client-authorities.pem');
    const added = await readAdded(addedFile);
    return new LiveAuthorities(options, addedFile, authoritiesOf(await readFileOf(options.config)), added);
  }

  get list(): readonly Authority[] {
    return this.#list;
  }

  get ders(): readonly Uint8Array[] {
    return this.#list.map(({ der }) => der);
  }

  get pem(): string | undefined {
    return pemOfAll(this.#list);
  }

  /** Why what the file has now cannot be used, and what it had before stays; undefined: there is nothing wrong. */
  get trouble(): string | undefined {
    return this.#trouble.reason;
  }

  /** @param fingerprint SHA-256 of the certificate, hexadecimal */
  has(fingerprint: string): boolean {
    return this.#list.some(({ facts }) => facts.fingerprint === fingerprint);
  }

  /** Called in order of adding. @param take throws when it does not take them, and then all take what was before */
  onChange(take: Take): void {
    this.#takers.add(take);
  }

  /**
   * Believes further ones, over restarts too: everybody takes them, and then they are written.
   * @param ders certificates; those that are there already are passed over
   * @throws RangeError beyond `tls.max-client-ca`; YaolianError TLS_NOT_STORED, and then all is as before
   */
  add(ders: readonly Uint8Array[]): Promise<void> {
    return this.#inTurn(async () => {
      const more = ders.map((der) => authorityOf(der, 'imported')).filter(({ facts }) => !this.has(facts.fingerprint));
      if (this.#list.length + more.length > this.#options.config['tls.max-client-ca'])
        throw new RangeError('there are too many authorities');
      await this.#exchange(merged(this.#added, more));
    });
  }

  /** Believes one that was added no more. False: there is none such. @throws YaolianError TLS_NOT_STORED, and then all is as before */
  async remove(fingerprint: string): Promise<boolean> {
    let wasThere = false;
    await this.#inTurn(async () => {
      const added = this.#added.filter(({ facts }) => facts.fingerprint !== fingerprint);
      wasThere = added.length < this.#added.length;
      if (wasThere) await this.#exchange(added);
    });
    return wasThere;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #exchange(added: readonly Authority[]): Promise<void> {
    const before = this.#list;
    const ofFile = before.filter(({ origin }) => origin === 'files');
    this.#hand(merged(ofFile, added));
    try {
      await writePem(this.#addedFile, pemOfAll(added) ?? '');
    } catch (error) {
      this.#hand(before);
      throw error;
    }
    this.#added = added;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    const { timers, lookEvery = seconds(10) } = this.#options;
    this.#timer = timers.schedule(
      lookEvery,
      () => void this.#inTurn(() => this.#look()).finally(() => this.#schedule()),
    );
  }

  async #look(): Promise<void> {
    const { config, log } = this.#options;
    const file = config['tls.client-ca'];
    let pem: Uint8Array | undefined;
    try {
      pem = await readFileOf(config);
      const list = merged(authoritiesOf(pem), this.#added);
      if (pemOfAll(list) === this.pem) {
        this.#list = list; // where they are from may have changed
        if (this.#trouble.reason !== undefined)
          log.info('the file of authorities of terminals and clients has again those in use', { file });
      } else {
        this.#hand(list);
        log.info('took other authorities of terminals and clients', { file });
      }
      this.#trouble.end();
    } catch (error) {
      if (!this.#trouble.meet(error, pem && new TextDecoder().decode(pem))) return;
      log.warn('the authorities of terminals and clients changed and cannot be used: those before stay', {
        file,
        error,
      });
    }
  }

  #hand(list: readonly Authority[]): void {
    const before = this.#list;
    this.#list = list;
    const taken: Take[] = [];
    try {
      for (const take of this.#takers) {
        taken.push(take);
        take(this.pem);
      }
    } catch (error) {
      this.#list = before;
      for (const take of taken) take(this.pem);
      throw error;
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(work);
    this.#changing = changed.catch(() => {});
    await changed;
  }
}

/** The bytes of the file of `tls.client-ca`; undefined: none is set. */
async function readFileOf(config: LiveAuthoritiesOptions['config']): Promise<Uint8Array | undefined> {
  const file = config['tls.client-ca'];
  return file === undefined ? undefined : readSetting('tls.client-ca', file);
}

function authoritiesOf(pem: Uint8Array | undefined): readonly Authority[] {
  if (pem === undefined) return [];
  return certificatesOfPem(pem, 'tls.client-ca').map((der) => authorityOf(der, 'files'));
}

/** Empty once all were removed. */
async function readAdded(file: string): Promise<readonly Authority[]> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw platformErrors.TLS_SETTING_BAD(file, error.message, error);
  });
  return pem === '' ? [] : certificatesOfPem(pem, file).map((der) => authorityOf(der, 'imported'));
}

function authorityOf(der: Uint8Array, origin: Authority['origin']): Authority {
  return { der, facts: certificateFacts(pemOf(der), 'an authority')[0]!, origin };
}

/** One that is in both is of the first. */
function merged(first: readonly Authority[], second: readonly Authority[]): readonly Authority[] {
  const all = new Map([...second, ...first].map((one) => [one.facts.fingerprint, one]));
  return [...all.values()];
}

function pemOfAll(list: readonly Authority[]): string | undefined {
  return list.length === 0 ? undefined : list.map(({ der }) => pemOf(der)).join('');
}
