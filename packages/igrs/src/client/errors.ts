import { errorCatalogue } from '@yaolian/kernel';

/** Everything that the client of the RA rejects with on purpose, refusals aside. */
export const raClientErrors = errorCatalogue({
  RA_QUEUED: (device: string, id: string) => `${device} sleeps: the request waits as ${id}, and its outcome is pushed`,
  RA_ANSWER_MALFORMED: (device: string) => `the answer of ${device} cannot be read`,
  RA_CHANNEL_CLOSED: (name: string, reason?: string) =>
    `the channel "${name}" is closed${reason === undefined ? '' : `: ${reason}`}`,
  RA_NO_ACCOUNT_SERVER: (url: string) =>
    `there is no account server at ${url}: Remote Access needs ra.domain on the platform`,
});
