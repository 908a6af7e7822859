import { seconds } from '@yaolian/kernel';
import type { RetryPolicy } from '@yaolian/lwm2m/client';

/** DEVIATION: LwM2M has 60 s here (Core 1.1 §6.2.1.2), but whoever starts a simulated terminal waits for it. */
export const impatient: RetryPolicy = { initialDelay: seconds(10) };
