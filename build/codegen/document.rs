//! The input of progenitor: the operations as an OpenAPI document, reduced to the parts that
//! make a difference in its output.
//!
//! - One success response, `2XX`, for each operation: progenitor treats a status that is not listed
//!   as an error, and the real ones are not always known.
//! - No error responses: the transport handles them.
//! - Boolean parameters as strings: the server accepts any string there and interprets it.
//! - Schemas as names only: `types.rs` writes their types.
//!
//! The complete document for other tools is `docs/openapi.rs`. This one uses openapiv3's own types:
//! to deserialize it from JSON would double the code of the build script.

use crate::build::spec::api::{Api, ApiOperation, ApiParameter};
use crate::build::spec::discovery::ParameterIn;
use crate::build::spec::type_expr::TypeExpr;
use indexmap::IndexMap;
use openapiv3 as v3;
use openapiv3::{
    MediaType, OpenAPI, PathItem, ReferenceOr, RequestBody, Response, SchemaData, SchemaKind, Type,
};

pub fn document<'a>(
    api: &Api,
    operations: impl IntoIterator<Item = &'a ApiOperation>,
) -> Result<OpenAPI, String> {
    let mut paths: IndexMap<String, ReferenceOr<PathItem>> = IndexMap::new();
    for operation in operations {
        let item = paths
            .entry(operation.path.clone())
            .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let slot = match operation.method.as_str() {
            "GET" => &mut item.get,
            "PUT" => &mut item.put,
            "POST" => &mut item.post,
            "DELETE" => &mut item.delete,
            "PATCH" => &mut item.patch,
            other => {
                return Err(format!(
                    "{}: {other} is not a supported method",
                    operation.id
                ));
            }
        };
        *slot = Some(self::operation(operation));
    }
    paths.sort_keys();
    let mut names: Vec<&String> = api.schemas.keys().chain(api.values.keys()).collect();
    names.sort_unstable();
    let schemas = names
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                item(SchemaKind::Type(Type::Object(v3::ObjectType::default()))),
            )
        })
        .collect();
    Ok(OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: v3::Info {
            title: "Quay API".to_owned(),
            version: "v1".to_owned(),
            ..Default::default()
        },
        paths: v3::Paths {
            paths,
            ..Default::default()
        },
        components: Some(v3::Components {
            schemas,
            ..Default::default()
        }),
        ..Default::default()
    })
}

fn operation(operation: &ApiOperation) -> v3::Operation {
    let content = |ty| {
        IndexMap::from([(
            "application/json".to_owned(),
            MediaType {
                schema: Some(schema(ty)),
                ..Default::default()
            },
        )])
    };
    let has_body = operation.status.iter().any(|status| *status != 204);
    let success = match operation.returns.body() {
        Some(ty) if has_body => content(ty),
        _ => IndexMap::new(),
    };
    let success = ReferenceOr::Item(Response {
        content: success,
        ..Default::default()
    });
    v3::Operation {
        operation_id: Some(operation.id.clone()),
        summary: Some(operation.summary.clone()),
        description: operation.description.clone(),
        parameters: operation.parameters.iter().map(parameter).collect(),
        request_body: operation.body.as_ref().map(|body| {
            ReferenceOr::Item(RequestBody {
                content: content(body),
                required: !operation.body_optional,
                ..Default::default()
            })
        }),
        responses: v3::Responses {
            responses: IndexMap::from([(v3::StatusCode::Range(2), success)]),
            ..Default::default()
        },
        ..Default::default()
    }
}

fn parameter(parameter: &ApiParameter) -> ReferenceOr<v3::Parameter> {
    let ty = match (&parameter.location, parameter.ty.required()) {
        (ParameterIn::Query, TypeExpr::Boolean) => &TypeExpr::String,
        _ => &parameter.ty,
    };
    let parameter_data = v3::ParameterData {
        name: parameter.name.clone(),
        description: Some(parameter.description.clone()),
        required: parameter.required,
        deprecated: None,
        format: v3::ParameterSchemaOrContent::Schema(schema(ty)),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions: IndexMap::new(),
    };
    ReferenceOr::Item(match parameter.location {
        ParameterIn::Path => v3::Parameter::Path {
            parameter_data,
            style: v3::PathStyle::default(),
        },
        ParameterIn::Query => v3::Parameter::Query {
            parameter_data,
            allow_reserved: false,
            style: v3::QueryStyle::default(),
            allow_empty_value: None,
        },
    })
}

fn schema(ty: &TypeExpr) -> ReferenceOr<v3::Schema> {
    item(match ty {
        TypeExpr::String => SchemaKind::Type(Type::String(v3::StringType::default())),
        TypeExpr::Integer => {
            let format = v3::VariantOrUnknownOrEmpty::Item(v3::IntegerFormat::Int64);
            SchemaKind::Type(Type::Integer(v3::IntegerType {
                format,
                ..Default::default()
            }))
        }
        TypeExpr::Number => {
            let format = v3::VariantOrUnknownOrEmpty::Item(v3::NumberFormat::Double);
            SchemaKind::Type(Type::Number(v3::NumberType {
                format,
                ..Default::default()
            }))
        }
        TypeExpr::Boolean => SchemaKind::Type(Type::Boolean(v3::BooleanType::default())),
        TypeExpr::Any => SchemaKind::Any(v3::AnySchema::default()),
        TypeExpr::Named(name) => {
            return ReferenceOr::Reference {
                reference: format!("#/components/schemas/{name}"),
            };
        }
        TypeExpr::List(inner) => SchemaKind::Type(Type::Array(v3::ArrayType {
            items: Some(match schema(inner) {
                ReferenceOr::Item(inner) => ReferenceOr::Item(Box::new(inner)),
                ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
            }),
            min_items: None,
            max_items: None,
            unique_items: false,
        })),
        TypeExpr::Map(inner) => SchemaKind::Type(Type::Object(v3::ObjectType {
            additional_properties: Some(v3::AdditionalProperties::Schema(Box::new(schema(inner)))),
            ..Default::default()
        })),
        TypeExpr::Optional(inner) | TypeExpr::Nullable(inner) => {
            let schema_data = SchemaData {
                nullable: true,
                ..Default::default()
            };
            let schema_kind = match schema(inner) {
                ReferenceOr::Item(inner) => inner.schema_kind,
                reference => SchemaKind::AllOf {
                    all_of: vec![reference],
                },
            };
            return ReferenceOr::Item(v3::Schema {
                schema_data,
                schema_kind,
            });
        }
    })
}

fn item(schema_kind: SchemaKind) -> ReferenceOr<v3::Schema> {
    ReferenceOr::Item(v3::Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    })
}
