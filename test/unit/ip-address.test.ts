import { describe, expect, it } from 'vitest';
import { clientNetworkOf, isInNetworks, readAddress, readNetwork } from '../../src/core/ip-address.ts';

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:54321', '203.0.113.7'],
    ['[203.0.113.7]:80', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:cb00:7107]:443', '203.0.113.7'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:1', 'fe80::1'],
    ['127.1', null],
    ['0x7f.0.0.1', null],
    ['010.0.0.1', null],
    ['3405803783', null],
    ['203.0.113.256', null],
    ['203.0.113.7:', null],
    ['unknown', null],
    ['_hidden', null],
    ['2001:db8::g', null],
    ['', null],
  ])('%j is read as %j', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
  ])('%s belongs to the client network %s', (address, network) => {
    expect(clientNetworkOf(address)).toBe(network);
  });
});

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['::ffff:0:0/96', '10.1.2.3', true],
    ['2001:db8::/32', '2001:db8::1%eth0', true],
    ['2001:db8::/32', '10.1.2.3', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['10.0.0.0/8', 'junk', false],
  ])('%s contains %s: %j', (network, address, has) => {
    const read = readNetwork(network);
    expect(isInNetworks(address, read === null ? [] : [read])).toBe(has);
  });

  it.each(['10.0.0.0/33', '::/129', '10.0.0.0/8/8', 'host', '10.0.0/8', '/8', '10.0.0.0/'])('refuses %s', (text) => {
    expect(readNetwork(text)).toBeNull();
  });
});
