//! Base64, for credentials and tokens.

/// The digits of base64, in their order.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes in base64.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS.get((bits >> shift & 63) as usize);
            // A group of n bytes has n + 1 digits.
            text.push(match digit {
                Some(digit) if at <= group.len() => char::from(*digit),
                _ => '=',
            });
        }
    }
    text
}

/// Encodes in the form for URLs, without padding.
#[cfg(feature = "testing")]
pub(crate) fn encode_for_url(bytes: &[u8]) -> String {
    let text = encode(bytes).replace('+', "-").replace('/', "_");
    text.trim_end_matches('=').to_owned()
}

/// Decodes what [`encode`] wrote, or its form for URLs. Characters of neither count as the first
/// digit: this is for what was written as base64.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes().take_while(|digit| *digit != b'=') {
        let digit = match digit {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let value = DIGITS.iter().position(|d| *d == digit).unwrap_or_default();
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn encodes_as_the_crate_base64_does(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(&text, &STANDARD.encode(&bytes));
            prop_assert_eq!(decode(&URL_SAFE_NO_PAD.encode(&bytes)), bytes.clone());
            prop_assert_eq!(decode(&text), bytes);
        }
    }
}
