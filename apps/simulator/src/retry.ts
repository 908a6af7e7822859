import { type Duration, seconds } from '@yaolian/kernel';
import type { Lwm2mVersion, RetryPolicy } from '@yaolian/lwm2m/client';

/** How long a terminal waits before another attempt, as its accounts say. */
export interface AccountRetry {
  readonly policy: RetryPolicy;
  readonly server: { readonly retryTimer?: Duration };
  readonly bootstrap: { readonly retryTimer?: Duration };
}

/**
 * Whoever starts a simulated terminal waits for it, so that 60 s (LwM2M Core 1.1 §6.2.1.2) are long. The account that it is given says 10 s
 * instead (1/x/18); one that a bootstrap brings has what that says, or 60 s. LwM2M 1.0 has neither the resource nor a default.
 */
export function accountRetry(version: Lwm2mVersion | undefined, policy: RetryPolicy = {}): AccountRetry {
  if (policy.initialDelay !== undefined) return { policy, server: {}, bootstrap: {} };
  const retryTimer = seconds(10);
  if (version === '1.0') return { policy: { ...policy, initialDelay: retryTimer }, server: {}, bootstrap: {} };
  return { policy, server: { retryTimer }, bootstrap: { retryTimer } };
}
