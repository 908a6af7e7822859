import { RequestQueuedError } from '@yaolian/contract';
import { tellFailure } from '../../ui/notices.tsx';

/** Waits for a request to a device. False when the device sleeps and the request waits for it, which is told. */
export async function requested(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof RequestQueuedError)) throw error;
    tellFailure(error);
    return false;
  }
}
