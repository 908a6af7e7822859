/** The namespaces of the protocols that streams and sessions speak. */
export const namespaces = {
  streams: 'http://etherx.jabber.org/streams',
  client: 'jabber:client',
  component: 'jabber:component:accept',
  streamErrors: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  startTls: 'urn:ietf:params:xml:ns:xmpp-tls',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  session: 'urn:ietf:params:xml:ns:xmpp-session',
  framing: 'urn:ietf:params:xml:ns:xmpp-framing',
  streamManagement: 'urn:xmpp:sm:3',
  clientState: 'urn:xmpp:csi:0',
  sasl2: 'urn:xmpp:sasl:2',
  bind2: 'urn:xmpp:bind:0',
  channelBindings: 'urn:xmpp:sasl-cb:0',
  ping: 'urn:xmpp:ping',
} as const;
