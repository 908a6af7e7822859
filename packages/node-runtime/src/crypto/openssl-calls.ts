import { failure, type Result, success } from '@yaolian/kernel';

/** The functions of libcrypto in use. Pointers are numbers: koffi passes those on in half the time. */
export interface CipherCalls {
  newContext(): number;
  fetch(library: number, name: string, properties: number): number;
  init(context: number, cipher: number, engine: number, key: number, iv: number, encrypts: number): number;
  update(context: number, out: number, outLength: number, input: number, length: number): number;
  final(context: number, out: number, outLength: number): number;
  control(context: number, type: number, argument: number, pointer: number): number;
  fetchMac(library: number, name: string, properties: number): number;
  newMacContext(mac: number): number;
  initMac(context: number, key: number, keyLength: number, parameters: number): number;
  updateMac(context: number, data: number, length: number): number;
  finalMac(context: number, out: number, outLength: number, size: number): number;
  addressOf(memory: ArrayBuffer): number;
}

let loadedCalls: CipherCalls | undefined;

/** Finds the functions in the libcrypto that this Node carries, or says why that is impossible. */
export async function loadCipherCalls(): Promise<Result<CipherCalls, string>> {
  if (loadedCalls !== undefined) return success(loadedCalls);
  // Where Node exports OpenSSL's symbols, and pointers fit into numbers.
  if (process.platform !== 'linux') return failure(`known on Linux alone, and this is ${process.platform}`);
  if (!process.versions.openssl?.startsWith('3.')) return failure('this Node has no OpenSSL 3');
  try {
    const koffi = (await import('koffi')).default;
    const library = koffi.load(null);
    loadedCalls = {
      newContext: library.func('uintptr_t EVP_CIPHER_CTX_new()'),
      fetch: library.func('uintptr_t EVP_CIPHER_fetch(uintptr_t library, const char *name, uintptr_t properties)'),
      init: library.func(
        'int EVP_CipherInit_ex(uintptr_t context, uintptr_t cipher, uintptr_t engine, uintptr_t key, uintptr_t iv, int encrypts)',
      ),
      update: library.func(
        'int EVP_CipherUpdate(uintptr_t context, uintptr_t out, uintptr_t outLength, uintptr_t input, int length)',
      ),
      final: library.func('int EVP_CipherFinal_ex(uintptr_t context, uintptr_t out, uintptr_t outLength)'),
      control: library.func('int EVP_CIPHER_CTX_ctrl(uintptr_t context, int type, int argument, uintptr_t pointer)'),
      fetchMac: library.func('uintptr_t EVP_MAC_fetch(uintptr_t library, const char *name, uintptr_t properties)'),
      newMacContext: library.func('uintptr_t EVP_MAC_CTX_new(uintptr_t mac)'),
      initMac: library.func(
        'int EVP_MAC_init(uintptr_t context, uintptr_t key, size_t keyLength, uintptr_t parameters)',
      ),
      updateMac: library.func('int EVP_MAC_update(uintptr_t context, uintptr_t data, size_t length)'),
      finalMac: library.func('int EVP_MAC_final(uintptr_t context, uintptr_t out, uintptr_t outLength, size_t size)'),
      addressOf: (memory) => Number(koffi.address(memory)),
    };
    return success(loadedCalls);
  } catch (error) {
    return failure(`koffi does not find OpenSSL: ${error instanceof Error ? error.message : String(error)}`);
  }
}
