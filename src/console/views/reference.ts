import { type Content, type Html, html } from '../html.ts';
import { type JsonSchema, schemaAnchor, schemaView } from './json-schema.ts';

type Info = { readonly title: string; readonly version: string; readonly description?: string };
type Media = { readonly schema?: JsonSchema; readonly example?: unknown };
type Body = { readonly description?: string; readonly content?: Readonly<Record<string, Media>> };
type Parameter = { readonly name: string; readonly in: string; readonly schema: JsonSchema };
type Operation = {
  readonly operationId?: string;
  readonly summary?: string;
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body>>;
};
type PathItem = { readonly parameters?: readonly Parameter[] } & Readonly<Record<string, Operation | undefined>>;

/** The parts of an OpenAPI document that the page shows. */
export type OpenApi = {
  readonly info: Info;
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

type Channel = { readonly address: string; readonly title?: string; readonly description?: string };
type Message = { readonly summary?: string; readonly contentType?: string; readonly payload: JsonSchema };

/** The parts of an AsyncAPI document that the page shows. */
export type AsyncApi = {
  readonly info: Info;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
};

/** A text in which backticks mark code. */
const prose = (text = ''): Content =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

const METHODS = ['get', 'post', 'put', 'delete'];

const introduction = ({ version, description }: Info): Html =>
  html`<p>${prose(description)}</p><p class="aside">Version ${version}, as this service runs it.</p>`;

const contents = (entries: readonly (readonly [anchor: string, title: Content])[]): Html =>
  html`<nav aria-label="On this page"><ul>${entries.map(([anchor, title]) => html`<li><a href="#${anchor}">${title}</a></li>`)}</ul></nav>`;

const mediaView = ([type, { schema, example }]: [string, Media]): Html =>
  html`<p><code>${type}</code></p>${
    schema !== undefined && schemaView(schema)
  }${example !== undefined && html`<pre tabindex="0" aria-label="Example">${JSON.stringify(example, null, 2)}</pre>`}`;

const bodyView = ({ content = {} }: Body): Content => Object.entries(content).map(mediaView);

const responseView = ([status, body]: [string, Body]): Html =>
  html`<details><summary><b>${status}</b> ${body.description ?? ''}</summary>${bodyView(body)}</details>`;

const parametersView = (parameters: readonly Parameter[]): Content =>
  parameters.length > 0 &&
  html`<h3>Parameters</h3>${schemaView({
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.map(({ name }) => name),
  })}`;

const operationView = (path: string, method: string, item: PathItem): Html => {
  const { operationId = `${method}-${path}`, summary, requestBody, responses = {} } = item[method] ?? {};
  return html`<section id="${operationId}">
<h2><span class="flag">${method.toUpperCase()}</span> <code>${path}</code></h2>
<p>${prose(summary)}</p>
${parametersView(item.parameters ?? [])}
${requestBody !== undefined && html`<h3>Body</h3>${bodyView(requestBody)}`}
<h3>Replies</h3>${Object.entries(responses).map(responseView)}
</section>`;
};

const schemasView = (schemas: Readonly<Record<string, JsonSchema>>): Content =>
  Object.entries(schemas).map(
    ([name, schema]) =>
      html`<section id="${schemaAnchor(name)}"><h2>${name}</h2><p>${prose(schema.description)}</p>${schemaView(schema)}</section>`,
  );

const operationsOf = (document: OpenApi) =>
  Object.entries(document.paths).flatMap(([path, value]) => {
    const item = value as PathItem;
    return METHODS.filter((method) => item[method] !== undefined).map((method) => ({ path, method, item }));
  });

/** An OpenAPI document as a page. */
export const openApiView = (document: OpenApi): Html => {
  const operations = operationsOf(document);
  return html`${introduction(document.info)}
${contents(operations.map(({ path, method, item }) => [item[method]?.operationId ?? `${method}-${path}`, `${method.toUpperCase()} ${path}`]))}
${operations.map(({ path, method, item }) => operationView(path, method, item))}
${schemasView(document.components.schemas)}`;
};

const channelView = (name: string, { address, title, description }: Channel, message: Message | undefined): Html =>
  html`<section id="${name}">
<h2><code>${address}</code> ${title ?? ''}</h2>
<p>${prose(description)}</p>
${message?.summary !== undefined && html`<details><summary>Event types</summary><ul>${message.summary.split(', ').map((type) => html`<li><code>${type}</code></li>`)}</ul></details>`}
<h3>Event</h3>${message !== undefined && schemaView(message.payload)}
</section>`;

/** An AsyncAPI document as a page. */
export const asyncApiView = ({ info, channels, components }: AsyncApi): Html => html`${introduction(info)}
${contents(Object.entries(channels).map(([name, { address }]) => [name, address]))}
${Object.entries(channels).map(([name, channel]) => channelView(name, channel, components.messages[name]))}
${schemasView(components.schemas)}`;
