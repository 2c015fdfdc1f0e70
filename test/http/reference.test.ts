import { describe, expect, it } from 'vitest';
import { startTestService } from '../support/service.ts';

const PATHS = ['/docs', '/docs/openapi', '/docs/asyncapi'];

const textOf = async (url: string): Promise<string> => {
  const reply = await fetch(url);
  expect([url, reply.status]).toEqual([url, 200]);
  return reply.text();
};

describe('the pages at /docs', () => {
  it('show every operation and reply of the OpenAPI document', async () => {
    const { opsUrl } = await startTestService();
    const page = await textOf(`${opsUrl}/docs/openapi`);
    const { paths } = (await (await fetch(`${opsUrl}/openapi.json`)).json()) as { paths: object };
    for (const path of Object.keys(paths)) expect(page).toContain(`<code>${path}</code>`);
    expect(page).toContain('<summary><b>503</b>');
    expect(page).toContain('href="#schema-Problem"');
    expect(page).toContain('id="schema-Problem"');
  });

  it('show every queue and event type of the AsyncAPI document', async () => {
    const { opsUrl } = await startTestService();
    const page = await textOf(`${opsUrl}/docs/asyncapi`);
    expect(page).toContain('<code>{payout}</code>');
    expect(page).toContain('<code>com.paycools.payout.succeeded</code>');
    expect(page).toContain('<code>merchantOrderId</code>');
    expect(page).toContain('<code>{findings}</code>');
  });

  it('load nothing from other hosts, and only files that exist', async () => {
    const { opsUrl } = await startTestService();
    for (const path of PATHS) {
      const page = await textOf(`${opsUrl}${path}`);
      const loaded = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, target = '']) => target);
      expect(loaded.filter((target) => !target.startsWith('/'))).toEqual([]);
      const linked = [...new Set(loaded)].filter((target) => target !== '/console');
      for (const target of linked) expect((await fetch(`${opsUrl}${target}`)).status).toBe(200);
      const anchors = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
      expect(anchors.filter((anchor) => !page.includes(`id="${anchor}"`))).toEqual([]);
    }
  });

  it('need no login, and cannot be framed', async () => {
    const { opsUrl } = await startTestService({ env: { OPS_TOKEN: 'a-token-of-the-operators' } });
    const reply = await fetch(`${opsUrl}/docs`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
