// Peer (g), the floor: HTTP, the signature check and one script call for each callback, in Rust, with the standard
// library alone. It keeps no history, checks no schema and writes no log: nothing that stores a callback can cost less.
// `rustc -O main.rs`; PORT, REDIS_PORT and PAYCOOLS_CALLBACK_SECRET as the other peers have them.
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

const SCRIPT: &str = "if not redis.call('SET', KEYS[1], ARGV[1], 'PX', 2592000000, 'NX') then return 0 end \
redis.call('HSET', KEYS[2], 'name', ARGV[2], 'data', ARGV[3], 'timestamp', ARGV[4]) \
redis.call('LPUSH', KEYS[3], ARGV[1]) return 1";
const REPLY: &str = "{\"code\":1,\"msg\":\"success\",\"data\":{}}";

fn sha1_hex(input: &[u8]) -> String {
    let mut state: [u32; 5] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    let mut message = input.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend_from_slice(&((input.len() as u64) * 8).to_be_bytes());
    for block in message.chunks(64) {
        let mut w = [0u32; 80];
        for i in 0..16 {
            w[i] = u32::from_be_bytes([block[4 * i], block[4 * i + 1], block[4 * i + 2], block[4 * i + 3]]);
        }
        for i in 16..80 {
            w[i] = (w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in w.iter().enumerate() {
            let (f, k) = match i / 20 {
                0 => ((b & c) | (!b & d), 0x5a827999),
                1 => (b ^ c ^ d, 0x6ed9eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1bbcdc),
                _ => (b ^ c ^ d, 0xca62c1d6u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            e = d;
            d = c;
            c = b.rotate_left(30);
            b = a;
            a = next;
        }
        for (value, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *value = value.wrapping_add(add);
        }
    }
    state.iter().map(|value| format!("{value:08x}")).collect()
}

/** The members of a flat JSON object, values as written; None where it is not one. */
fn members(text: &str) -> Option<Vec<(String, String)>> {
    let bytes = text.as_bytes();
    let mut at = text.find('{')? + 1;
    let mut found = Vec::new();
    loop {
        while matches!(bytes.get(at)?, b' ' | b',' | b'\n' | b'\r' | b'\t') {
            at += 1;
        }
        if bytes[at] == b'}' {
            return Some(found);
        }
        let name = string(text, &mut at)?;
        while matches!(bytes.get(at)?, b' ' | b':') {
            at += 1;
        }
        if bytes[at] == b'"' {
            let value = string(text, &mut at)?;
            found.push((name, value));
        } else {
            let start = at;
            while !matches!(bytes.get(at)?, b',' | b'}') {
                at += 1;
            }
            let value = text[start..at].trim();
            found.push((name, if value == "null" { String::new() } else { value.to_string() }));
        }
    }
}

fn string(text: &str, at: &mut usize) -> Option<String> {
    let bytes = text.as_bytes();
    let mut value = Vec::new();
    *at += 1;
    loop {
        match bytes.get(*at)? {
            b'"' => break,
            b'\\' => {
                *at += 1;
                value.push(match bytes.get(*at)? {
                    b'n' => b'\n',
                    b't' => b'\t',
                    other => *other,
                });
            }
            other => value.push(*other),
        }
        *at += 1;
    }
    *at += 1;
    String::from_utf8(value).ok()
}

fn is_genuine(fields: &[(String, String)], secret: &str) -> bool {
    let mut signed: Vec<_> = fields.iter().filter(|(name, value)| name != "sign" && !value.is_empty()).collect();
    signed.sort();
    let text: Vec<String> = signed.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let sign = fields.iter().find(|(name, _)| name == "sign").map(|(_, value)| value.as_str());
    Some(sha1_hex(format!("{}&secret={secret}", text.join("&")).as_bytes()).as_str()) == sign
}

struct Redis {
    reader: BufReader<TcpStream>,
    digest: String,
}

impl Redis {
    fn open(port: &str) -> Redis {
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("Redis");
        stream.set_nodelay(true).expect("a socket option");
        let mut redis = Redis { reader: BufReader::new(stream), digest: String::new() };
        redis.digest = redis.call(&["SCRIPT", "LOAD", SCRIPT]);
        redis
    }

    fn call(&mut self, parts: &[&str]) -> String {
        let mut command = format!("*{}\r\n", parts.len());
        for part in parts {
            command.push_str(&format!("${}\r\n{part}\r\n", part.len()));
        }
        self.reader.get_mut().write_all(command.as_bytes()).expect("Redis takes a command");
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("Redis answers");
        if line.starts_with('$') {
            line.clear();
            self.reader.read_line(&mut line).expect("Redis answers");
        }
        line.trim_end().to_string()
    }
}

fn serve(stream: TcpStream, redis_port: String, secret: String) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut redis = None;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let is_post = line.starts_with("POST ");
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let status = if is_post { store(&body, redis.get_or_insert_with(|| Redis::open(&redis_port)), &secret) } else { "404 Not Found" };
        let reply = if status.starts_with("200") { REPLY } else { "" };
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{reply}", reply.len());
        reader.get_mut().write_all(head.as_bytes())?;
    }
}

fn store(body: &[u8], redis: &mut Redis, secret: &str) -> &'static str {
    let text = String::from_utf8_lossy(body);
    let Some(fields) = members(&text) else { return "400 Bad Request" };
    if !is_genuine(&fields, secret) {
        return "401 Unauthorized";
    }
    let sign = fields.iter().find(|(name, _)| name == "sign").map_or("", |(_, value)| value.as_str());
    let name = fields.iter().find(|(name, _)| name == "eventName").map_or("", |(_, value)| value.as_str());
    let (mark, job, digest) = (format!("de:{sign}"), format!("job:{sign}"), redis.digest.clone());
    match redis.call(&["EVALSHA", &digest, "3", &mark, &job, "wait", sign, name, &text, "0"]).as_str() {
        ":0" | ":1" => "200 OK",
        _ => "503 Service Unavailable",
    }
}

fn main() {
    let [port, redis_port, secret] =
        ["PORT", "REDIS_PORT", "PAYCOOLS_CALLBACK_SECRET"].map(|name| env::var(name).expect(name));
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).expect("the port is free");
    for stream in listener.incoming().flatten() {
        let (redis_port, secret) = (redis_port.clone(), secret.clone());
        thread::spawn(move || serve(stream, redis_port, secret));
    }
}
