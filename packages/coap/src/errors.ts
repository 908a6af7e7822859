import { errorCatalogue } from '@yaolian/kernel';

/** Every error that this package throws on purpose. */
export const coapErrors = errorCatalogue({
  /** @param why what the network, or DTLS, said of what was sent */
  COAP_TIMEOUT: (peer: string, why?: string) => `${peer} did not answer in time${why === undefined ? '' : `: ${why}`}`,
  COAP_RESET: (peer: string) => `${peer} rejected the message with a Reset`,
  COAP_ABORTED: () => 'the caller gave the request up',
  COAP_CLOSED: () => 'the CoAP endpoint is closed',
  COAP_TOO_LARGE: (what: string) => `${what} is larger than the endpoint accepts`,
  COAP_OVERLOADED: (what: string) => `too much is outstanding already: ${what}`,
  COAP_NOT_CONNECTED: (peer: string) => `there is no connection to ${peer}, which has to connect to us`,
  COAP_CONNECT_FAILED: (peer: string, why: string) => `no connection to ${peer}: ${why}`,
  COAP_DISCONNECTED: (peer: string, why: string) => `the connection to ${peer} ended before an answer came: ${why}`,
  COAP_BAD_RESPONSE: (peer: string, what: string) => `the response of ${peer} is of no use: ${what}`,
});
