const prefix = 'http://www.igrs.org/spec2.0/';

/**
 * Namespaces that the originators' own clients used before the standard (IGRS 2.0). Their names are theirs; what the messages contain is not
 * known and ours: docs/igrs-ra.md.
 */
export const vendorNamespaces = {
  /** A user binds a device. */
  userBind: `${prefix}basic#userbind`,
  /** A device agrees, or does not. */
  deviceBind: `${prefix}basic#devicebind`,
  unbind: `${prefix}basic#unbind`,
  queryBind: `${prefix}basic#querybind`,
  verifyCode: `${prefix}mobile#verifycode`,
  /** The devices of the user that asks. */
  userDevicesInfo: `${prefix}basic#user#devicesinfo`,
  devicesInfo: `${prefix}basic#devicesinfo`,
  deviceInfo: `${prefix}basic#deviceinfo`,
  deviceAdd: `${prefix}basic#device#add`,
  deviceUnlink: `${prefix}basic#device#unlink`,
  linkedDevicesInfo: `${prefix}basic#linkeddevicesinfo`,
  bookmarkAdd: `${prefix}basic#bookmark#add`,
  bookmarkRemove: `${prefix}basic#bookmark#remove`,
  bookmarkGet: `${prefix}basic#bookmark#get`,
  modifyLocation: `${prefix}basic#modify#location`,
} as const;

export type VendorNamespace = (typeof vendorNamespaces)[keyof typeof vendorNamespaces];
