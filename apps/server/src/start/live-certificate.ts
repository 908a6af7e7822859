import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { type Clock, type Duration, type Log, seconds, type Timer, type Timers } from '@yaolian/kernel';
import { ImportedChain, type PendingRequest, PendingRequestFile, type TlsCredentials } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { FileTrouble } from './file-trouble.ts';
import { readSetting, tlsCredentials, tlsFolder } from './stream-service.ts';

export interface LiveCertificateOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** How often the files are looked at. Default 10 s. */
  readonly lookEvery?: Duration;
}

type Read = (isAnew?: boolean) => Promise<TlsCredentials>;

/** Where a certificate is from: files of an operator, one that was imported, or one that the platform made for itself. */
export type CertificateOrigin = 'files' | 'imported' | 'platform';

interface Opened {
  readonly read: Read;
  /** Which is looked at again and again. */
  readonly file: string | undefined;
  readonly imported?: ImportedChain;
  readonly isImported?: boolean;
  readonly requests?: PendingRequestFile;
  readonly request?: PendingRequest | undefined;
  readonly current: TlsCredentials;
}

/** A certificate as its files have it: who serves it takes another one when they change, and drops no connection. */
export class LiveCertificate {
  readonly #options: LiveCertificateOptions;
  readonly #read: Read;
  readonly #file: string | undefined;
  /** Absent where there are files. */
  readonly #imported: ImportedChain | undefined;
  #isImported: boolean;
  /** Absent where there are files. */
  readonly #requests: PendingRequestFile | undefined;
  #request: PendingRequest | undefined;
  readonly #takers = new Set<(credentials: TlsCredentials) => void>();
  #current: TlsCredentials;
  readonly #trouble = new FileTrouble();
  #timer: Timer | undefined;
  #isClosed = false;
  #changing: Promise<void> = Promise.resolve();

  private constructor(options: LiveCertificateOptions, opened: Opened) {
    const { read, file, imported, isImported = false, requests, request, current } = opened;
    this.#options = options;
    this.#read = read;
    this.#file = file;
    this.#imported = imported;
    this.#isImported = isImported;
    this.#requests = requests;
    this.#request = request;
    this.#current = current;
    // What the platform made for itself stays.
    if (file !== undefined) this.#schedule();
  }

  /** That of the platform. @throws YaolianError TLS_SETTING_BAD, TLS_CREDENTIALS_BAD */
  static async open(options: LiveCertificateOptions): Promise<LiveCertificate> {
    const read = (isAnew = false) => tlsCredentials(options, isAnew);
    const file = options.config['tls.certificate'];
    const hasFiles = file !== undefined || options.config['tls.key'] !== undefined;
    if (hasFiles) return new LiveCertificate(options, { read, file, current: await read() });
    const imported = new ImportedChain(tlsFolder(options.dataFolder));
    const kept = await imported.read();
    const current = kept ?? (await read());
    const requests = new PendingRequestFile(tlsFolder(options.dataFolder));
    const request = await waiting(requests, kept?.key, options.log);
    const isImported = kept !== undefined;
    return new LiveCertificate(options, { read, file, imported, isImported, requests, request, current });
  }

  /** That of one domain of the message server. Undefined where it has none of its own. @throws YaolianError TLS_SETTING_BAD */
  static async ofDomain(options: LiveCertificateOptions, domain: string): Promise<LiveCertificate | undefined> {
    const folder = options.config['xmpp.certificates'];
    if (folder === undefined) return undefined;
    const own = join(folder, domainToASCII(domain));
    const isThere = await stat(own).catch(() => undefined);
    if (isThere === undefined) return undefined;
    const file = join(own, 'fullchain.pem');
    const read = async () => ({
      certificate: await readSetting('xmpp.certificates', file),
      key: await readSetting('xmpp.certificates', join(own, 'privkey.pem')),
    });
    return new LiveCertificate(options, { read, file, current: await read() });
  }

  get current(): TlsCredentials {
    return this.#current;
  }

  /** Why what its files have now cannot be used, and the one before stays; undefined: there is nothing wrong. */
  get trouble(): string | undefined {
    return this.#trouble.reason;
  }

  /** @param take throws when it does not take them */
  onChange(take: (credentials: TlsCredentials) => void): void {
    this.#takers.add(take);
  }

  get origin(): CertificateOrigin {
    if (this.#imported === undefined) return 'files';
    return this.#isImported ? 'imported' : 'platform';
  }

  /** What was asked of an authority, with the key that waits for it. */
  get request(): PendingRequest | undefined {
    return this.#request;
  }

  /**
   * Keeps a request until its certificate is imported, over restarts too.
   * @param isReplacing in place of one that waits, whose key is gone then
   * @returns undefined: one waits, and is not to be replaced
   * @throws RangeError when there are files; YaolianError TLS_NOT_STORED, and then the one before stays
   */
  async ask(make: () => Promise<PendingRequest>, isReplacing: boolean): Promise<PendingRequest | undefined> {
    const requests = this.#requests;
    if (requests === undefined) throw new RangeError('the certificate is of files');
    let made: PendingRequest | undefined;
    await this.#inTurn(async () => {
      if (this.#request !== undefined && !isReplacing) return;
      made = await make();
      await requests.write(made);
      this.#request = made;
    });
    return made;
  }

  /** Forgets the request that waits, and its key. False: none does. @throws YaolianError TLS_NOT_STORED, and then it waits on */
  async giveUp(): Promise<boolean> {
    let wasThere = false;
    await this.#inTurn(async () => {
      wasThere = this.#request !== undefined;
      if (!wasThere) return;
      await this.#requests?.remove();
      this.#request = undefined;
    });
    return wasThere;
  }

  /**
   * Makes one anew in place of that which the platform made for itself; everybody who connects from now on sees it.
   * @throws RangeError when it is another; YaolianError TLS_CREDENTIALS_BAD or TLS_NOT_STORED when it cannot be written, and then the one
   * before stays
   */
  renew(): Promise<void> {
    // One at a time: certificate and key of one file each.
    return this.#inTurn(async () => {
      if (this.origin !== 'platform') throw new RangeError('the certificate is not of the platform’s own making');
      this.#hand(await this.#read(true));
    });
  }

  /**
   * Shows another certificate, over restarts too: everybody takes it, and then it is written. The request whose key it has waits no more.
   * @param pair as `checkChain` gives it
   * @throws RangeError when there are files; YaolianError TLS_…, and then the one before stays in service
   */
  import(pair: TlsCredentials & { readonly certificate: string; readonly key: string }): Promise<void> {
    return this.#exchange(
      () => pair,
      (imported) => imported.write(pair),
      true,
    );
  }

  /**
   * Shows that of the platform's own making again.
   * @throws RangeError when none was imported; YaolianError TLS_…, and then it stays in service
   */
  forgetImported(): Promise<void> {
    if (!this.#isImported) throw new RangeError('no certificate was imported');
    return this.#exchange(
      () => this.#read(),
      (imported) => imported.remove(),
      false,
    );
  }

  #exchange(
    find: () => TlsCredentials | Promise<TlsCredentials>,
    keep: (imported: ImportedChain) => Promise<void>,
    isImported: boolean,
  ): Promise<void> {
    const imported = this.#imported;
    if (imported === undefined) throw new RangeError('the certificate is of files');
    return this.#inTurn(async () => {
      const before = this.#current;
      this.#hand(await find());
      try {
        await keep(imported);
      } catch (error) {
        this.#hand(before);
        throw error;
      }
      this.#isImported = isImported;
      if (isImported && this.#current.key === this.#request?.key) await this.#fulfil();
    });
  }

  /** Where its file stays, the next start sees that its key is in use. */
  async #fulfil(): Promise<void> {
    this.#request = undefined;
    try {
      await this.#requests?.remove();
    } catch (error) {
      this.#options.log.warn('the request of a certificate that was imported stays on the disk', { error });
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(work);
    this.#changing = changed.catch(() => {});
    await changed;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    const { timers, lookEvery = seconds(10) } = this.#options;
    this.#timer = timers.schedule(lookEvery, () => void this.#look().finally(() => this.#schedule()));
  }

  /** Files that are half written do not go together, and are looked at again. */
  async #look(): Promise<void> {
    const { log } = this.#options;
    const file = this.#file;
    let found: TlsCredentials | undefined;
    try {
      found = await this.#read();
      if (!isSame(found, this.#current)) {
        this.#hand(found);
        log.info('took another certificate for TLS', { file });
      } else if (this.#trouble.reason !== undefined) {
        log.info('the files of the certificate for TLS are again those in use', { file });
      }
      this.#trouble.end();
    } catch (error) {
      const content = found && `${textOf(found.certificate)}\n${textOf(found.key)}`;
      if (!this.#trouble.meet(error, content)) return;
      log.warn('the certificate for TLS changed and cannot be used: the one before stays', { file, error });
    }
  }

  /** All take it, or none does: what the list says is what every listener shows. */
  #hand(found: TlsCredentials): void {
    const taken: ((credentials: TlsCredentials) => void)[] = [];
    try {
      for (const take of this.#takers) {
        take(found);
        taken.push(take);
      }
    } catch (error) {
      for (const take of taken) take(this.#current);
      throw error;
    }
    this.#current = found;
  }
}

/** The request that waits. @param usedKey that of the imported certificate, which may have come just before a crash */
async function waiting(requests: PendingRequestFile, usedKey: string | undefined, log: Log) {
  try {
    const found = await requests.read();
    if (found === undefined || found.key !== usedKey) return found;
    await requests.remove();
  } catch (error) {
    // A platform that shows its certificate is worth more than a request that can be made again.
    log.warn('the request for a certificate that waited is lost', { error });
  }
  return undefined;
}

function isSame(a: TlsCredentials, b: TlsCredentials): boolean {
  return `${textOf(a.certificate)}` === `${textOf(b.certificate)}` && textOf(a.key) === textOf(b.key);
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
}
