/** What kind of place an IP address is. Pure. Whatever is not plainly public is not. */
import { BlockList, isIP } from 'node:net';

/** `never`: where clouds keep their machines' credentials, and addresses that name no one machine. */
export type AddressKind = 'public' | 'private' | 'never';

const list = (family: 'ipv4' | 'ipv6', ranges: string[]): BlockList => {
  const made = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    made.addSubnet(net, Number(bits), family);
  }
  return made;
};

// IANA special-purpose address registries
const privateV4 = list('ipv4', [
  '10.0.0.0/8',
  '100.64.0.0/10', // carriers' own
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15', // benchmarking
]);
const neverV4 = list('ipv4', [
  '0.0.0.0/8',
  '100.100.100.200/32', // Alibaba's metadata
  '168.63.129.16/32', // Azure's
  '169.254.0.0/16', // link-local, and everybody else's metadata
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3', // multicast, reserved, broadcast
]);
const publicV6 = list('ipv6', ['2000::/3']);
const privateV6 = list('ipv6', ['::1/128', 'fc00::/7']);
const neverV6 = list('ipv6', ['fd00:ec2::254/128', 'fd20:ce::254/128', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

export function kindOf(address: string): AddressKind {
  if (isIP(address) === 4) return neverV4.check(address) ? 'never' : privateV4.check(address) ? 'private' : 'public';
  if (isIP(address) !== 6 || address.includes('%')) return 'never'; // a zone is link-local's
  const inner = innerV4(address);
  if (inner) return kindOf(inner);
  if (neverV6.check(address, 'ipv6')) return 'never';
  if (privateV6.check(address, 'ipv6')) return 'private';
  return publicV6.check(address, 'ipv6') ? 'public' : 'never';
}

/** ::ffff:0:0/96 (mapped) and 64:ff9b::/96 (NAT64) are an IPv4 address in disguise. */
function innerV4(address: string): string | null {
  // A URL writes every IPv6 address in its one canonical form.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const found = /^(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!found) return null;
  const [high, low] = [Number.parseInt(found[1] ?? '', 16), Number.parseInt(found[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
