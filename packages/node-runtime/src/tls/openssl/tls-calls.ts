import { failure, type Result, success } from '@yaolian/kernel';

type Pointer = number;

/** The functions of libssl in use, in the Node that runs. Pointers are numbers, as in the calls of libcrypto. */
export interface TlsCalls {
  readonly serverMethod: () => Pointer;
  readonly newContext: (method: Pointer) => Pointer;
  readonly freeContext: (context: Pointer) => void;
  readonly controlContext: (context: Pointer, command: number, argument: number, pointer: Pointer) => number;
  readonly setOptions: (context: Pointer, options: number) => number;
  readonly setCipherSuites: (context: Pointer, names: string) => number;
  readonly useCertificate: (context: Pointer, certificate: Pointer) => number;
  readonly usePrivateKey: (context: Pointer, key: Pointer) => number;
  readonly checkPrivateKey: (context: Pointer) => number;
  readonly setKeyLog: (context: Pointer, callback: bigint) => void;
  readonly setProtocolChoice: (context: Pointer, callback: bigint, argument: Pointer) => void;
  readonly readCertificate: (bio: Pointer, out: Pointer, callback: Pointer, argument: Pointer) => Pointer;
  readonly readPrivateKey: (bio: Pointer, out: Pointer, callback: Pointer, argument: Pointer) => Pointer;
  readonly freeCertificate: (certificate: Pointer) => void;
  readonly freePrivateKey: (key: Pointer) => void;
  readonly memoryMethod: () => Pointer;
  readonly newBio: (method: Pointer) => Pointer;
  readonly freeBio: (bio: Pointer) => number;
  readonly read: (bio: Pointer, out: Pointer, length: number) => number;
  readonly write: (bio: Pointer, input: Pointer, length: number) => number;
  readonly newSession: (context: Pointer) => Pointer;
  readonly freeSession: (session: Pointer) => void;
  readonly setAccepting: (session: Pointer) => void;
  /** The session takes both over. */
  readonly setBios: (session: Pointer, input: Pointer, output: Pointer) => void;
  readonly handshake: (session: Pointer) => number;
  readonly errorOf: (session: Pointer, result: number) => number;
  readonly cipherOf: (session: Pointer) => Pointer;
  readonly suiteOf: (cipher: Pointer) => number;
  readonly exportKey: (
    ...parameters: [Pointer, out: Pointer, length: number, label: string, labelLength: number, Pointer, number, number]
  ) => number;
  readonly clearErrors: () => void;
  readonly copy: (to: Pointer, from: Pointer, length: number) => bigint;
  readonly addressOf: (memory: ArrayBuffer) => Pointer;
  /** A callback of {@link setKeyLog}: all sessions tell their secrets to {@link hearKeys}. */
  readonly keyLog: bigint;
  /** A callback of {@link setProtocolChoice}: its argument points to the address of the one protocol, and its length in a byte behind it. */
  readonly protocolChoice: bigint;
}

/** Hears of the secrets of the handshake that goes on now: a label of NSS's key log, and the secret in hex. */
type KeyListener = (label: string, secret: string) => void;

let keyListener: KeyListener | undefined;

/** Calls `work`, during which `listener` hears of secrets. */
export function hearKeys<T>(listener: KeyListener, work: () => T): T {
  keyListener = listener;
  try {
    return work();
  } finally {
    keyListener = undefined;
  }
}

let loaded: Promise<Result<TlsCalls, string>> | undefined;

/** Finds the functions in the libssl that this Node carries, or says why that is impossible. */
export function loadTlsCalls(): Promise<Result<TlsCalls, string>> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Result<TlsCalls, string>> {
  // Where Node exports OpenSSL's symbols, and pointers fit into numbers.
  if (process.platform !== 'linux') return failure(`known on Linux alone, and this is ${process.platform}`);
  if (!process.versions.openssl?.startsWith('3.')) return failure('this Node has no OpenSSL 3');
  try {
    const koffi = (await import('koffi')).default;
    const library = koffi.load(null);
    const call = (declaration: string) => library.func(declaration.replace(/\bptr\b/g, 'uintptr_t'));
    const keyLog = koffi.register(
      (_session: Pointer, line: string) => {
        const [label = '', , secret = ''] = line.trimEnd().split(' ');
        keyListener?.(label, secret);
      },
      koffi.pointer(koffi.proto('void yaolianKeyLog(uintptr_t session, const char *line)')),
    );
    const copy = call('ptr memcpy(ptr to, ptr from, size_t length)');
    const protocolChoice = koffi.register(
      (_session: Pointer, out: Pointer, outLength: Pointer, _in: Pointer, _inLength: number, argument: Pointer) => {
        copy(out, argument, 8);
        copy(outLength, argument + 8, 1);
        return 0; // SSL_TLSEXT_ERR_OK
      },
      koffi.pointer(
        koffi.proto(
          'int yaolianProtocol(uintptr_t session, uintptr_t out, uintptr_t outLength, uintptr_t in, unsigned int inLength, uintptr_t argument)',
        ),
      ),
    );
    return success({
      serverMethod: call('ptr TLS_server_method()'),
      newContext: call('ptr SSL_CTX_new(ptr method)'),
      freeContext: call('void SSL_CTX_free(ptr context)'),
      controlContext: call('long SSL_CTX_ctrl(ptr context, int command, long argument, ptr pointer)'),
      setOptions: call('uint64_t SSL_CTX_set_options(ptr context, uint64_t options)'),
      setCipherSuites: call('int SSL_CTX_set_ciphersuites(ptr context, const char *names)'),
      useCertificate: call('int SSL_CTX_use_certificate(ptr context, ptr certificate)'),
      usePrivateKey: call('int SSL_CTX_use_PrivateKey(ptr context, ptr key)'),
      checkPrivateKey: call('int SSL_CTX_check_private_key(ptr context)'),
      setKeyLog: call('void SSL_CTX_set_keylog_callback(ptr context, ptr callback)'),
      setProtocolChoice: call('void SSL_CTX_set_alpn_select_cb(ptr context, ptr callback, ptr argument)'),
      readCertificate: call('ptr PEM_read_bio_X509(ptr bio, ptr out, ptr callback, ptr argument)'),
      readPrivateKey: call('ptr PEM_read_bio_PrivateKey(ptr bio, ptr out, ptr callback, ptr argument)'),
      freeCertificate: call('void X509_free(ptr certificate)'),
      freePrivateKey: call('void EVP_PKEY_free(ptr key)'),
      memoryMethod: call('ptr BIO_s_mem()'),
      newBio: call('ptr BIO_new(ptr method)'),
      freeBio: call('int BIO_free(ptr bio)'),
      read: call('int BIO_read(ptr bio, ptr out, int length)'),
      write: call('int BIO_write(ptr bio, ptr input, int length)'),
      newSession: call('ptr SSL_new(ptr context)'),
      freeSession: call('void SSL_free(ptr session)'),
      setAccepting: call('void SSL_set_accept_state(ptr session)'),
      setBios: call('void SSL_set_bio(ptr session, ptr input, ptr output)'),
      handshake: call('int SSL_do_handshake(ptr session)'),
      errorOf: call('int SSL_get_error(ptr session, int result)'),
      cipherOf: call('ptr SSL_get_current_cipher(ptr session)'),
      suiteOf: call('uint16_t SSL_CIPHER_get_protocol_id(ptr cipher)'),
      exportKey: call(
        'int SSL_export_keying_material(ptr session, ptr out, size_t length, const char *label, size_t labelLength, ptr context, size_t contextLength, int hasContext)',
      ),
      clearErrors: call('void ERR_clear_error()'),
      copy,
      addressOf: (memory) => Number(koffi.address(memory)),
      keyLog,
      protocolChoice,
    });
  } catch (error) {
    return failure(`koffi does not find OpenSSL: ${error instanceof Error ? error.message : String(error)}`);
  }
}
