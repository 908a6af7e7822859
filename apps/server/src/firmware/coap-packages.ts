import { blockOption, Code, ContentFormat, encodeUint, OptionNumber, requestedBlock } from '@yaolian/coap';
import type { FirmwareFile, FirmwareFileStore } from '@yaolian/directory';
import { decodeHex, encodeUtf8, hours } from '@yaolian/kernel';
import type { RequestMount } from '@yaolian/lwm2m/server';
import type { PackageFolder } from './package-folder.ts';

export interface CoapPackagesOptions {
  readonly files: FirmwareFileStore;
  readonly folder: PackageFolder;
  /** A terminal has the bytes before `end` of `file`. */
  readonly onServed: (job: string, end: number, file: FirmwareFile) => void;
  /** Whether what a terminal pulls for an update is to be protected by OSCORE, since the terminal speaks to us so. */
  readonly isProtected: (job: string) => boolean;
}

/** The first segment of where packages are. */
export const packagesPath = 'fw';

/** Packages over CoAP, each block read from the disk when it is asked for: `/fw/<token>/<job>`, or without the job. */
export function coapPackages({ files, folder, onServed, isProtected }: CoapPackagesOptions): RequestMount {
  return {
    path: [packagesPath],
    handler: async (request) => {
      const [, token = '', job = ''] = request.path;
      if (request.method !== Code.GET) return { code: Code.MethodNotAllowed };
      const file = await files.fileByToken(token);
      if (!file) return { code: Code.NotFound };
      // Who has a security context and asks without it gets nothing in the clear: the package is pushed to it.
      if (job !== '' && request.peer.identity?.kind !== 'oscore' && isProtected(job)) {
        return { code: Code.Unauthorized, payload: encodeUtf8('ask with OSCORE') };
      }
      const block = requestedBlock(request);
      if (!block) return { code: Code.BadRequest };
      const start = block.number * block.size;
      if (start >= file.size && start > 0) return { code: Code.BadRequest };
      const payload = await folder.read(file.id, start, block.size);
      const end = start + payload.length;
      const options = [blockOption(OptionNumber.Block2, { ...block, more: end < file.size })];
      // RFC 7959 §4: Size2 tells how much there is.
      if (start === 0) options.push({ number: OptionNumber.Size2, value: encodeUint(file.size) });
      if (job !== '') onServed(job, end, file);
      const etag = decodeHex(file.sha256.slice(0, 16))!;
      const contentFormat = ContentFormat.OctetStream;
      return { code: Code.Content, contentFormat, etag, maxAge: hours(24), options, payload };
    },
  };
}
