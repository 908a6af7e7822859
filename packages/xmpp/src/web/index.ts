/** What browsers have for the ports of an `XmppClient`: clock, timers, randomness, the cryptography of SASL. No module of Node is needed. */
export * from './machine.ts';
export * from './sasl-crypto.ts';
