/// A change of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangeTag {
    /// The manifest that it points to.
    pub manifest_digest: String,
    /// Labels.
    pub labels: Vec<String>,
    /// When it expires, in seconds since 1970. Null removes the expiration, a missing field leaves
    /// it as it is.
    pub expiration: crate::types::Clearable<i64>,
    /// A name that is a keyword.
    pub type_: Option<String>,
}

impl decode::Decode for ChangeTag {
    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        let fields = event.map()?;
        let mut slot1: Option<String> = None;
        let mut slot2: Option<Vec<String>> = None;
        let mut slot3: crate::types::Clearable<i64> = Default::default();
        let mut slot4: Option<String> = None;
        while let Some(field) = fields.next_key(|name| match name {
            "manifest_digest" => 1,
            "labels" => 2,
            "expiration" => 3,
            "type" => 4,
            _ => 0,
        }) {
            match field {
                1 => fields.next_value(&mut slot1),
                2 => fields.next_value(&mut slot2),
                3 => fields.next_value(&mut slot3),
                4 => fields.next_optional(&mut slot4),
                _ => fields.skip_value(),
            }
        }
        Ok(Self {
            manifest_digest: decode::required(slot1, "manifest_digest")?,
            labels: decode::required(slot2, "labels")?,
            expiration: slot3,
            type_: slot4,
        })
    }
}

decode::deserialize_by_decode!(ChangeTag);

impl encode::Encode for ChangeTag {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        to.field("manifest_digest", &self.manifest_digest);
        to.field("labels", &self.labels);
        to.optional_field("expiration", &self.expiration);
        to.optional_field("type", &self.type_);
    }
}

encode::serialize_by_encode!(ChangeTag);

impl ChangeTag {
    /// Creates a value with the required fields; others are not sent unless they are set.
    #[must_use]
    #[inline]
    pub fn new(
        manifest_digest: impl Into<String>,
        labels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            manifest_digest: manifest_digest.into(),
            labels: labels.into_iter().map(Into::into).collect(),
            expiration: Default::default(),
            type_: Default::default(),
        }
    }

    /// Sets `expiration`.
    ///
    /// When it expires, in seconds since 1970. Null removes the expiration, a missing field leaves
    /// it as it is.
    #[must_use]
    #[inline]
    pub fn expiration(mut self, value: i64) -> Self {
        self.expiration = crate::types::Clearable::Set(value);
        self
    }

    /// Clears [`expiration`](Self::expiration) on the server, by sending null.
    #[must_use]
    #[inline]
    pub fn clear_expiration(mut self) -> Self {
        self.expiration = crate::types::Clearable::Clear;
        self
    }

    /// Sets `type_`.
    ///
    /// A name that is a keyword.
    #[must_use]
    #[inline]
    pub fn type_(mut self, value: impl Into<String>) -> Self {
        self.type_ = Some(value.into());
        self
    }
}

/// A manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ManifestTarget {
    /// Its digest.
    pub digest: Option<String>,
}

impl decode::Decode for ManifestTarget {
    #[inline]
    fn decode_into(
        place: &mut Option<Self>,
        event: decode::JsonEvent<'_>,
    ) -> Result<(), decode::JsonError> {
        let fields = event.map()?;
        let value = place.insert(Default::default());
        while let Some(field) = fields.next_key(|name| match name {
            "digest" => 1,
            _ => 0,
        }) {
            match field {
                1 => fields.next_optional(&mut value.digest),
                _ => fields.skip_value(),
            }
        }
        Ok(())
    }
}

decode::deserialize_by_decode!(ManifestTarget);

impl encode::Encode for ManifestTarget {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        to.optional_field("digest", &self.digest);
    }
}

encode::serialize_by_encode!(ManifestTarget);

/// A tag of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Option<crate::types::TagState>,
    /// A value that has one of several types.
    pub value: Option<crate::types::TagValue>,
    /// The object that it points to.
    pub target: crate::types::TagTarget,
}

impl decode::Decode for Tag {
    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        let fields = event.map()?;
        let mut slot1: Option<String> = None;
        let mut slot2: Option<crate::types::TagState> = None;
        let mut slot3: Option<crate::types::TagValue> = None;
        let mut slot4: Option<String> = None;
        let mut slot5: Option<serde_json::Value> = None;
        while let Some(field) = fields.next_key(|name| match name {
            "name" => 1,
            "state" => 2,
            "value" => 3,
            "kind" => 4,
            "target" => 5,
            _ => 0,
        }) {
            match field {
                1 => fields.next_value(&mut slot1),
                2 => fields.next_optional(&mut slot2),
                3 => fields.next_optional(&mut slot3),
                4 => fields.next_optional(&mut slot4),
                5 => fields.next_optional(&mut slot5),
                _ => fields.skip_value(),
            }
        }
        Ok(Self {
            name: decode::required(slot1, "name")?,
            state: slot2,
            value: slot3,
            target: crate::types::TagTarget::of_kind(slot4, slot5),
        })
    }
}

decode::deserialize_by_decode!(Tag);

impl encode::Encode for Tag {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        to.field("name", &self.name);
        to.optional_field("state", &self.state);
        to.optional_field("value", &self.value);
        encode::Encode::encode(&self.target, to);
    }
}

encode::serialize_by_encode!(Tag);

/// A page of tags.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TagPage {
    /// The tags.
    pub tags: Vec<crate::types::Tag>,
    /// True if there are more pages.
    pub has_additional: bool,
    /// Fields that have no name here.
    pub extra: std::collections::BTreeMap<String, serde_json::Value>,
}

impl decode::Decode for TagPage {
    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        let fields = event.map()?;
        let mut slot1: Option<Vec<crate::types::Tag>> = None;
        let mut slot2: Option<bool> = None;
        let mut extra = std::collections::BTreeMap::new();
        while let Some(field) = fields.next_key(|name| match name {
            "tags" => 1,
            "has_additional" => 2,
            _ => 0,
        }) {
            match field {
                1 => fields.next_value(&mut slot1),
                2 => fields.next_value(&mut slot2),
                _ => decode::insert_entry(fields, &mut extra),
            }
        }
        Ok(Self {
            tags: decode::required(slot1, "tags")?,
            has_additional: decode::required(slot2, "has_additional")?,
            extra,
        })
    }
}

decode::deserialize_by_decode!(TagPage);

impl encode::Encode for TagPage {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        to.field("tags", &self.tags);
        to.field("has_additional", &self.has_additional);
        to.entries(&self.extra);
    }
}

encode::serialize_by_encode!(TagPage);

crate::types::open_enum! {
    /// The state of a tag.
    TagState {
        /// It can't change.
        ReadOnly = "READ_ONLY",
        /// A value without a good name.
        Dotted = "a.b",
    }
}

/// Statistics of tags. Few of the fields are present at a time.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct TagStatistics {
    fields: sparse::Sparse<TagStatisticsField>,
    /// Fields that have no name here.
    pub extra: std::collections::BTreeMap<String, serde_json::Value>,
}

#[derive(Clone, PartialEq)]
enum TagStatisticsField {
    T0(i64),
    T1(Box<crate::types::Tag>),
    T2(Vec<String>),
}

impl TagStatistics {
    const NAMES: [&'static str; 4] = ["name", "pulls", "tag", "names"];

    /// Returns `name`.
    ///
    /// A name.
    #[must_use]
    #[inline]
    pub fn name(&self) -> Option<&str> {
        self.fields.string(1)
    }

    /// Returns `pulls`.
    ///
    /// The number of pulls.
    #[must_use]
    #[inline]
    pub fn pulls(&self) -> Option<i64> {
        match self.fields.other(2) {
            Some(TagStatisticsField::T0(value)) => Some(*value),
            _ => None,
        }
    }

    /// Returns `tag`.
    ///
    /// The tag.
    #[must_use]
    #[inline]
    pub fn tag(&self) -> Option<&crate::types::Tag> {
        match self.fields.other(3) {
            Some(TagStatisticsField::T1(value)) => Some(value),
            _ => None,
        }
    }

    /// Returns `names`.
    ///
    /// The names.
    #[must_use]
    #[inline]
    pub fn names(&self) -> Option<&[String]> {
        match self.fields.other(4) {
            Some(TagStatisticsField::T2(value)) => Some(value),
            _ => None,
        }
    }
}

impl std::fmt::Debug for TagStatistics {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("TagStatistics");
        for (number, value) in self.fields.iter() {
            let name = Self::NAMES[number - 1];
            match value {
                sparse::SparseValue::String(value) => out.field(name, &value),
                sparse::SparseValue::Other(TagStatisticsField::T0(value)) => out.field(name, &value),
                sparse::SparseValue::Other(TagStatisticsField::T1(value)) => out.field(name, &value),
                sparse::SparseValue::Other(TagStatisticsField::T2(value)) => out.field(name, &value),
            };
        }
        out.field("extra", &self.extra).finish()
    }
}

impl encode::Encode for TagStatistics {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        for (number, value) in self.fields.iter() {
            let name = Self::NAMES[number - 1];
            match value {
                sparse::SparseValue::String(value) => to.field(name, value),
                sparse::SparseValue::Other(TagStatisticsField::T0(value)) => to.field(name, value),
                sparse::SparseValue::Other(TagStatisticsField::T1(value)) => to.field(name, value),
                sparse::SparseValue::Other(TagStatisticsField::T2(value)) => to.field(name, value),
            };
        }
        to.entries(&self.extra);
    }
}

encode::serialize_by_encode!(TagStatistics);

impl decode::Decode for TagStatistics {
    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        let fields = event.map()?;
        let mut value = Self::default();
        while let Some(field) = fields.next_key(|name| match name.len() {
            3 => match name {
                "tag" => 3,
                _ => 0,
            },
            4 => match name {
                "name" => 1,
                _ => 0,
            },
            5 => match name {
                "pulls" => 2,
                "names" => 4,
                _ => 0,
            },
            _ => 0,
        }) {
            match field {
                1
                => value.fields.read_string(field, fields),
                2
                => value.fields.set_other(field, decode::next_variant(fields, TagStatisticsField::T0)),
                3
                => value.fields.set_other(field, decode::next_variant(fields, TagStatisticsField::T1)),
                4
                => value.fields.set_other(field, decode::next_variant(fields, TagStatisticsField::T2)),
                _ => decode::insert_entry(fields, &mut value.extra),
            }
        }
        Ok(value)
    }
}

decode::deserialize_by_decode!(TagStatistics);

/// An object that a tag points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagTarget {
    /// A manifest.
    Manifest(crate::types::ManifestTarget),
    /// A kind that this version does not know, or a known one with other content; kept unchanged.
    Other(crate::types::OtherKind),
}

impl TagTarget {
    /// Returns the kind, as the server names it (`kind`).
    #[must_use]
    #[inline]
    pub fn kind(&self) -> &str {
        match self {
            Self::Manifest(_) => "manifest",
            Self::Other(other) => other.kind(),
        }
    }
}

impl TagTarget {
    #[inline]
    fn of_kind(kind: Option<String>, content: Option<serde_json::Value>) -> Self {
        let other = crate::types::OtherKind::new(
            kind.unwrap_or_default(),
            content.unwrap_or_default(),
        );
        match other.kind() {
            "manifest" => other.known(Self::Manifest, Self::Other),
            _ => Self::Other(other),
        }
    }
}

impl decode::Decode for TagTarget {
    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        let fields = event.map()?;
        let mut kind: Option<String> = None;
        let mut content: Option<serde_json::Value> = None;
        while let Some(field) = fields.next_key(|name| match name {
            "kind" => 1,
            "target" => 2,
            _ => 0,
        }) {
            match field {
                1 => fields.next_optional(&mut kind),
                2 => fields.next_optional(&mut content),
                _ => fields.skip_value(),
            }
        }
        Ok(Self::of_kind(kind, content))
    }
}

decode::deserialize_by_decode!(TagTarget);

impl encode::Encode for TagTarget {
    #[inline]
    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {
        to.field("kind", self.kind());
        match self {
            Self::Manifest(content) => to.field("target", content),
            Self::Other(other) => to.field("target", other.secret_content()),
        }
    }
}

encode::serialize_by_encode!(TagTarget);

impl From<crate::types::ManifestTarget> for TagTarget {
    #[inline]
    fn from(value: crate::types::ManifestTarget) -> Self {
        Self::Manifest(value)
    }
}

/// A number or a duration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagValue {
    /// A number of tags.
    Count(i64),
    /// A duration such as `5d`.
    Age(String),
    /// Another type, kept unchanged.
    Other(serde_json::Value),
}

impl decode::Decode for TagValue {
    const EXPECTED: &'static str = "one of several types";

    #[inline]
    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {
        decode::one_of(
            event,
            &[
                |event| <i64 as decode::Decode>::decode(event).map(Self::Count),
                |event| <String as decode::Decode>::decode(event).map(Self::Age),
            ],
            Self::Other,
        )
    }
}

decode::deserialize_by_decode!(TagValue);

impl serde::Serialize for TagValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(value) => serde::Serialize::serialize(value, serializer),
            Self::Age(value) => serde::Serialize::serialize(value, serializer),
            Self::Other(value) => serde::Serialize::serialize(value, serializer),
        }
    }
}

impl From<i64> for TagValue {
    #[inline]
    fn from(value: i64) -> Self {
        Self::Count(value)
    }
}

impl From<i32> for TagValue {
    #[inline]
    fn from(value: i32) -> Self {
        Self::Count(value.into())
    }
}

impl From<u32> for TagValue {
    #[inline]
    fn from(value: u32) -> Self {
        Self::Count(value.into())
    }
}

impl From<String> for TagValue {
    #[inline]
    fn from(value: String) -> Self {
        Self::Age(value)
    }
}

impl From<&str> for TagValue {
    #[inline]
    fn from(value: &str) -> Self {
        Self::Age(value.to_owned())
    }
}

