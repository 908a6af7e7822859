import { errorCatalogue } from '@yaolian/kernel';

/** What the conditions that people meet mean (RFC 6120 §4.9.3, §6.5). */
const meanings: Readonly<Record<string, string>> = {
  'not-authorized': 'the name or the password is wrong',
  'account-disabled': 'the account is disabled',
  'credentials-expired': 'the password is not good any more',
  'temporary-auth-failure': 'try again later',
  'host-unknown': 'it does not serve this domain',
  'host-gone': 'it does not serve this domain any more',
  'policy-violation': 'that is more than it takes',
  'resource-constraint': 'it has too much to do',
  'system-shutdown': 'it is going down',
  conflict: 'another connection took the place of this one',
};

function meaningOf(condition: string, text = ''): string {
  const meaning = text || meanings[condition];
  return meaning === undefined ? condition : `${meaning} (${condition})`;
}

/** What can keep a client from what it was asked to do. */
export const xmppErrors = errorCatalogue({
  XMPP_CLOSED: () => 'the client was closed',
  XMPP_DISCONNECTED: () => 'the connection to the server is lost',
  XMPP_TIMEOUT: (what: string) => `no answer in time: ${what}`,
  XMPP_CONNECT_FAILED: (domain: string, why: string) => `no connection to the server of ${domain}: ${why}`,
  XMPP_TLS_UNAVAILABLE: () => 'the server offers no TLS, and nothing is said without it',
  XMPP_TLS_FAILED: (why: string) => `no TLS with the server: ${why}`,
  XMPP_NO_MECHANISM: (offered: string) => `the server offers no way to authenticate that we can use, only: ${offered}`,
  XMPP_AUTHENTICATION_FAILED: (condition: string) => `the server did not let us in: ${meaningOf(condition)}`,
  XMPP_STREAM_ERROR: (condition: string, text: string) => `the server ended the stream: ${meaningOf(condition, text)}`,
  XMPP_BIND_FAILED: (condition: string) => `the server gave us no resource: ${condition}`,
  XMPP_NOT_FOUND: (domain: string) => `${domain} does not say where its WebSockets are`,
  XMPP_PROTOCOL: (what: string) => `the server does not keep to the protocol: ${what}`,
});
