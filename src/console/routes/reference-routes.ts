import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { PAGE_POLICY, setSecurityHeaders } from '../access/security-headers.ts';
import { type Html, html } from '../html.ts';
import { sendHtml } from '../send-page.ts';
import { referencePageOf } from '../views/layout.ts';
import { type AsyncApi, asyncApiView, type OpenApi, openApiView } from '../views/reference.ts';

/** The OpenAPI and AsyncAPI documents that the service serves as JSON. */
export type ReferenceDocuments = { readonly openApi: object; readonly asyncApi: object };

const index = (): Html => html`<section><h2><a href="/docs/openapi">Public listener</a></h2>
<p>The addresses that PayCools calls, and every reply. As JSON: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p></section>
<section><h2><a href="/docs/asyncapi">Queues and events</a></h2>
<p>What workers get. As JSON: <a href="/asyncapi.json">/asyncapi.json</a> (AsyncAPI 3.0).</p></section>`;

/**
 * The service's interfaces as pages, below `/docs`, rendered from its OpenAPI and AsyncAPI documents. They load nothing
 * from other hosts.
 */
export const referenceRoutes =
  (documents: ReferenceDocuments): FastifyPluginAsync =>
  async (app: FastifyInstance) => {
    const openApi = documents.openApi as OpenApi;
    const asyncApi = documents.asyncApi as AsyncApi;
    const pages = {
      '/': referencePageOf({ title: 'Interfaces', section: '/docs', content: index() }),
      '/openapi': referencePageOf({
        title: openApi.info.title,
        section: '/docs/openapi',
        content: openApiView(openApi),
      }),
      '/asyncapi': referencePageOf({
        title: asyncApi.info.title,
        section: '/docs/asyncapi',
        content: asyncApiView(asyncApi),
      }),
    };
    app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply, PAGE_POLICY));
    for (const [path, page] of Object.entries(pages)) {
      app.get(path, (_request, reply) => sendHtml(reply, 200, page));
    }
  };
