import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, encodeHex, hasCode } from '@yaolian/kernel';
import { runtimeErrors, systemErrorCode } from '../errors.ts';

/** A certificate and its key, PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

const day = 86_400_000;
/** A certificate that would end sooner is replaced at a start. */
const renewal = 30 * day;

/**
 * The certificate of a folder, `certificate.pem` with `key.pem`, made when it is not there or about to end.
 * @param isAnew made whatever there is; what was there stays in `previous-certificate.pem` and `previous-key.pem`
 * @throws YaolianError TLS_CREDENTIALS_BAD when it can be neither read nor made, TLS_NOT_STORED
 */
export async function keptPair(
  folder: string,
  clock: Clock,
  make: () => Promise<Pair>,
  isAnew = false,
): Promise<Pair & { readonly certificateFile: string; readonly isNew: boolean }> {
  const certificateFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  try {
    const kept = await readPair(certificateFile, keyFile);
    const isNew = isAnew || kept === undefined || endsSoon(kept.certificate, clock);
    const pair = isNew ? await make() : kept;
    if (isNew) {
      await storing(certificateFile, async () => {
        await makeFolder(folder);
        if (isAnew && kept !== undefined) {
          await writeWhole(join(folder, 'previous-key.pem'), kept.key, 0o600);
          await writeWhole(join(folder, 'previous-certificate.pem'), kept.certificate, 0o644);
        }
        // The key first: a certificate is only ever seen beside its key.
        await writeWhole(keyFile, pair.key, 0o600);
        await writeWhole(certificateFile, pair.certificate, 0o644);
      });
    }
    return { ...pair, certificateFile, isNew };
  } catch (error) {
    if (hasCode(error, 'TLS_NOT_STORED')) throw error;
    throw runtimeErrors.TLS_CREDENTIALS_BAD(`the certificate in ${folder}`, systemErrorCode(error), error);
  }
}

/** Undefined when one of them is missing, or they do not belong together, as after a crash between the two. */
async function readPair(certificateFile: string, keyFile: string): Promise<Pair | undefined> {
  try {
    const certificate = await readFile(certificateFile, 'utf8');
    const key = await readFile(keyFile, 'utf8');
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function endsSoon(certificate: string, clock: Clock): boolean {
  return new X509Certificate(certificate).validToDate.getTime() - clock.epoch() < renewal;
}

/** For the user alone. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** A file of certificates, which are no secret. @throws YaolianError TLS_NOT_STORED */
export function writePem(file: string, pem: string): Promise<void> {
  return storing(file, async () => {
    await makeFolder(dirname(file));
    await writeWhole(file, pem, 0o644);
  });
}

/** @throws YaolianError TLS_NOT_STORED, where the disk refuses */
export async function storing(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw runtimeErrors.TLS_NOT_STORED(file, systemErrorCode(error), error);
  }
}

/** The whole file, or what was there before, whenever the machine stops. */
export async function writeWhole(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = `${file}.${encodeHex(randomBytes(4))}`;
  const handle = await open(temporary, 'wx', mode);
  try {
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // A key is not to lie about under another name, nor to take the room that there is not.
    await rm(temporary, { force: true });
    throw error;
  }
}
