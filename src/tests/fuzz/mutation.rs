//! Mutations of recorded documents: in the tree of their values, and in their text.
//!
//! proptest generates and shrinks the description of a mutation. Applying it is our own code, since
//! a mutation has to start from a recording: of generated documents hardly any gets past the first
//! field of a type.

use super::generate::{field, json_value, string};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

/// A few changes of a document.
#[derive(Debug, Clone)]
pub struct Mutation {
    edits: Vec<Edit>,
    garbling: Option<(Index, Garbling)>,
}

/// A change of one node of the tree.
#[derive(Debug, Clone)]
struct Edit {
    node: Index,
    change: Change,
    /// The value that is added, or that replaces the node. A node to which the change does not
    /// apply is replaced as well, often by null, which most types accept.
    value: Value,
}

#[derive(Debug, Clone)]
enum Change {
    Replace,
    /// Removes a field or an element.
    Remove(Index),
    /// Adds a field or an element.
    Add(String),
    Rename(Index, String),
    /// Copies the value of a field to another name.
    Copy(Index, String),
    /// Repeats an element.
    Repeat(Index, usize),
    /// Moves the elements.
    Rotate(Index),
}

/// A change of the text, after which it may be no JSON.
#[derive(Debug, Clone)]
enum Garbling {
    Truncate,
    FlipBits(Vec<(Index, u32)>),
    Insert(Piece),
    Prepend(Piece),
    Append(Piece),
    /// Replaces the first digit.
    ReplaceDigit(String),
    /// Writes the name of a field twice, with another value.
    RepeatField(Index, Value),
}

#[derive(Debug, Clone)]
enum Piece {
    Bytes(&'static [u8]),
    Text(String),
    Repeated(&'static str, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    let change = prop_oneof![
        2 => Just(Change::Replace),
        1 => index().prop_map(Change::Remove),
        2 => field().prop_map(Change::Add),
        1 => (index(), field()).prop_map(|(index, name)| Change::Rename(index, name)),
        1 => (index(), string()).prop_map(|(index, name)| Change::Copy(index, name)),
        1 => (index(), 1..10_usize).prop_map(|(index, times)| Change::Repeat(index, times)),
        1 => index().prop_map(Change::Rotate),
    ];
    (index(), change, json_value()).prop_map(|(node, change, value)| Edit {
        node,
        change,
        value,
    })
}

/// Numbers that no type has room for.
fn long_number() -> impl Strategy<Value = String> {
    prop_oneof![
        (15..400_usize).prop_map(|digits| "9".repeat(digits)),
        any::<u32>().prop_map(|exponent| format!("1e{exponent}")),
        any::<(u64, u64)>().prop_map(|(whole, fraction)| format!("-{whole}.{fraction}")),
    ]
}

fn garbling() -> impl Strategy<Value = Garbling> {
    const BEFORE: [&[u8]; 4] = [b"\xef\xbb\xbf", b" \n", b"\0", b"\xff\xfe"];
    const AFTER: [&[u8]; 5] = [b"\n", b"\0", b"}", b"null", b"\xef\xbb\xbf"];
    // Nested more deeply than any reader goes; and longer than any response, which is slow.
    let deep = (select(&["[", "{\"a\":"][..]), 100..20_000_usize);
    let long = (select(&["1,", "[],", "\"\",", " \n"][..]), 1..200_000_usize);
    let repeated = |(text, times)| Garbling::Insert(Piece::Repeated(text, times));
    prop_oneof![
        8 => Just(Garbling::Truncate),
        24 => vec((any::<Index>(), 0..8_u32), 1..8).prop_map(Garbling::FlipBits),
        8 => Just(Garbling::Insert(Piece::Bytes(b"\xff\xc0\x80"))),
        8 => string().prop_map(|text| Garbling::Insert(Piece::Text(text))),
        8 => deep.prop_map(repeated),
        1 => long.prop_map(repeated),
        7 => long_number().prop_map(Garbling::ReplaceDigit),
        16 => (any::<Index>(), json_value())
            .prop_map(|(index, value)| Garbling::RepeatField(index, value)),
        8 => select(&AFTER[..]).prop_map(|bytes| Garbling::Append(Piece::Bytes(bytes))),
        8 => select(&BEFORE[..]).prop_map(|bytes| Garbling::Prepend(Piece::Bytes(bytes))),
    ]
}

pub fn mutation() -> impl Strategy<Value = Mutation> {
    let edits = |least: usize| vec(edit(), least..3);
    prop_oneof![
        3 => edits(1).prop_map(|edits| Mutation { edits, garbling: None }),
        1 => (edits(0), any::<Index>(), garbling())
            .prop_map(|(edits, at, garbling)| Mutation { edits, garbling: Some((at, garbling)) }),
    ]
}

impl Mutation {
    /// Returns the mutated text of a document.
    pub fn apply(self, document: &Value) -> Vec<u8> {
        let mut tree = document.clone();
        for edit in self.edits {
            edit.apply(&mut tree);
        }
        let mut bytes = tree.to_string().into_bytes();
        if let Some((at, garbling)) = self.garbling {
            garbling.apply(at.index(bytes.len() + 1), &mut bytes);
        }
        bytes
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Returns the node with a number, counted from the root.
fn node<'a>(value: &'a mut Value, number: &mut usize) -> Option<&'a mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .find_map(|element| node(element, number)),
        Value::Object(fields) => fields.values_mut().find_map(|field| node(field, number)),
        _ => None,
    }
}

fn name_at(fields: &Map<String, Value>, index: Index) -> String {
    fields
        .keys()
        .nth(index.index(fields.len()))
        .cloned()
        .unwrap_or_default()
}

impl Edit {
    fn apply(self, tree: &mut Value) {
        /// No list that is longer has its elements repeated.
        const MAX_LENGTH: usize = 50;
        let mut number = self.node.index(count(tree));
        let Some(node) = node(tree, &mut number) else {
            return;
        };
        match (self.change, node) {
            (Change::Add(name), Value::Object(fields)) => {
                fields.insert(name, self.value);
            }
            (Change::Remove(index), Value::Object(fields)) if !fields.is_empty() => {
                fields.remove(&name_at(fields, index));
            }
            (Change::Rename(index, name), Value::Object(fields)) if !fields.is_empty() => {
                let value = fields.remove(&name_at(fields, index)).unwrap_or_default();
                fields.insert(name, value);
            }
            (Change::Copy(index, name), Value::Object(fields)) if !fields.is_empty() => {
                let value = fields
                    .get(&name_at(fields, index))
                    .cloned()
                    .unwrap_or_default();
                fields.insert(name, value);
            }
            (Change::Add(_), Value::Array(elements)) => elements.push(self.value),
            (Change::Remove(index), Value::Array(elements)) if !elements.is_empty() => {
                elements.remove(index.index(elements.len()));
            }
            (Change::Repeat(index, times), Value::Array(elements))
                if (1..MAX_LENGTH).contains(&elements.len()) =>
            {
                let element = index.get(elements).clone();
                elements.extend(std::iter::repeat_n(element, times));
            }
            (Change::Rotate(index), Value::Array(elements)) if !elements.is_empty() => {
                let distance = index.index(elements.len());
                elements.rotate_left(distance);
            }
            (Change::Replace | Change::Add(_) | Change::Repeat(..), node) => *node = self.value,
            (_, node) => *node = Value::Null,
        }
    }
}

impl Piece {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Text(text) => text.into_bytes(),
            Self::Repeated(text, times) => text.repeat(times).into_bytes(),
        }
    }
}

impl Garbling {
    fn apply(self, at: usize, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate => bytes.truncate(at),
            Self::FlipBits(bits) => {
                for (index, bit) in bits {
                    let at = index.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                }
            }
            Self::Insert(piece) => insert(bytes, at, piece.bytes()),
            Self::Prepend(piece) => insert(bytes, 0, piece.bytes()),
            Self::Append(piece) => bytes.extend(piece.bytes()),
            Self::ReplaceDigit(digits) => {
                let found = bytes.iter().position(u8::is_ascii_digit);
                let at = found.unwrap_or(at);
                bytes.splice(at..(at + 1).min(bytes.len()), digits.into_bytes());
            }
            Self::RepeatField(index, value) => {
                let colons = bytes
                    .windows(2)
                    .enumerate()
                    .filter(|(_, pair)| pair == b"\":");
                let ends: Vec<usize> = colons.map(|(end, _)| end).collect();
                if ends.is_empty() {
                    return;
                }
                let end = *index.get(&ends);
                let start = bytes[..end]
                    .iter()
                    .rposition(|byte| *byte == b'"')
                    .unwrap_or(end);
                let mut repeated = bytes[start..=end].to_vec();
                repeated.push(b':');
                repeated.extend(value.to_string().bytes());
                repeated.push(b',');
                insert(bytes, start, repeated);
            }
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: Vec<u8>) {
    bytes.splice(at..at, piece);
}
