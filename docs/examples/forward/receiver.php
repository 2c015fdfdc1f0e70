<?php
// Receives events from `paycools forward`. PHP 8, no packages: FORWARD_SECRET=whsec_… php -S 127.0.0.1:3000 receiver.php

const TOLERANCE_S = 5 * 60;

/** Whether the body, as received, was signed with the secret within the last minutes. */
function is_genuine(string $secret, string $id, string $timestamp, string $signatures, string $body): bool
{
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_S) {
        return false;
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $signatures) as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

$body = file_get_contents('php://input');
$header = fn (string $name): string => $_SERVER['HTTP_WEBHOOK_' . strtoupper($name)] ?? '';
if (!is_genuine(getenv('FORWARD_SECRET'), $header('id'), $header('timestamp'), $header('signature'), $body)) {
    http_response_code(401);
    exit;
}
$event = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
// An event can arrive twice: record $event['id'] in the transaction of what you do with it.
file_put_contents('php://stdout', "received {$event['type']} {$event['subject']}\n");
http_response_code(204); // any 2xx completes the event; everything else is retried
