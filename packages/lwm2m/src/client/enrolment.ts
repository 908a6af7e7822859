import { Code, ContentFormat } from '@yaolian/coap';
import { isBootstrapServer, numberOf, Security } from './accounts.ts';
import type { CertificateEnrolment } from './client-options.ts';
import type { Connection } from './connection.ts';
import type { FailureReason } from './events.ts';
import { responseFailure } from './failure.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { ObjectTree } from './object-tree.ts';
import { SecurityMode } from './objects/security.ts';

/** What enrolment needs of the client. */
export interface EnrolmentHost {
  readonly endpointName: string;
  readonly tree: ObjectTree;
  readonly enrolment: CertificateEnrolment | undefined;
}

/**
 * Asks the Bootstrap-Server, in the session of the bootstrap, for a certificate for each account of security mode 4 that has none
 * (EST-coaps, RFC 9148 §4.5 /sen), and puts it with its key, which was made here, into resources 3 and 5.
 * @returns undefined when every such account has one
 */
export async function enrol(
  host: EnrolmentHost,
  connection: Connection,
  signal: AbortSignal,
): Promise<FailureReason | undefined> {
  for (const security of host.tree.entry(0)?.instances.values() ?? []) {
    if (isBootstrapServer(security) || numberOf(security, Security.SecurityMode) !== SecurityMode.CertificateWithEst)
      continue;
    const failure = await enrolFor(security, host, connection, signal);
    if (failure) return failure;
  }
  return undefined;
}

async function enrolFor(
  security: ObjectInstance,
  { enrolment, endpointName }: EnrolmentHost,
  connection: Connection,
  signal: AbortSignal,
): Promise<FailureReason | undefined> {
  const shown = security.value(Security.PublicKeyOrIdentity);
  if (shown instanceof Uint8Array && shown.length > 0) return undefined;
  if (!enrolment) return failed('this terminal does not do EST, which its bootstrap wants (security mode 4)');
  return requestCertificate('sen', security, { enrolment, endpointName }, connection, signal);
}

/**
 * Asks for a certificate of a new key, and puts both into an account once it is there.
 * @param way RFC 9148 §4.5: `sen` enrols, `sren` renews what the session was made with
 */
export async function requestCertificate(
  way: 'sen' | 'sren',
  security: ObjectInstance,
  { enrolment, endpointName }: { readonly enrolment: CertificateEnrolment; readonly endpointName: string },
  { endpoint, peer }: Connection,
  signal: AbortSignal,
): Promise<FailureReason | undefined> {
  const made = await enrolment.makeRequest(endpointName);
  const response = await endpoint.request(
    peer,
    {
      method: Code.POST,
      path: ['.well-known', 'est', way],
      contentFormat: ContentFormat.Pkcs10,
      accept: ContentFormat.PkixCert,
      payload: made.request,
    },
    { signal },
  );
  if (response.code !== Code.Changed) return responseFailure(response);
  const isIt = response.contentFormat === ContentFormat.PkixCert && enrolment.isCertificateOf(response.payload, made);
  if (!isIt) return failed('what EST answered is no certificate for the key that was asked for');
  security.transaction(() => {
    security.store(Security.PublicKeyOrIdentity, response.payload.slice());
    security.store(Security.SecretKey, made.privateKey);
  });
  return undefined;
}

function failed(message: string): FailureReason {
  return { code: undefined, reason: 'enrolment', message };
}
