import { failure } from '@yaolian/kernel';
import { formatPath, type Lwm2mPath } from '../path.ts';
import type { ContentError, ContentErrorCode } from './content.ts';

export interface Refused {
  readonly ok: false;
  readonly error: ContentError;
}

export function refuse(code: ContentErrorCode, message: string, offset?: number): Refused {
  return failure({ code, message, offset });
}

export function refuseRoot(format: string): Refused {
  return refuse(
    'unsupported-format',
    `a Read or Write in ${format} is about one object or something in it, not about the root`,
  );
}

export function refuseMissing(path: Lwm2mPath): Refused {
  return refuse('not-found', `the content holds nothing of ${formatPath(path)}`);
}

export function refuseCount(maximum: number, offset?: number): Refused {
  return refuse('too-large', `the content has more than ${maximum} entries`, offset);
}
