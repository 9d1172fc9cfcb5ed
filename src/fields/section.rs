//! The declarations: one line per field, from which everything else is made.

/// Declares a table of fields.
///
/// ```text
/// section! {
///     /// What the table is about.
///     Name {
///         /// One sentence on the field.
///         field: Type = default, bounds;
///         /// One whose name in a document is no name in Rust.
///         field as "name": Type;
///         ..part: OtherSection;
///     }
/// }
/// ```
/// Default and bounds may be left out; without a default the field must be written unless its
/// type is an `Option`. `..part` takes in the fields of another section, at the end.
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        $name:ident {
            $( $(#[doc = $about:literal])* $field:ident $(as $name_as:literal)? : $kind:ty $(= $default:expr)? $(, $bounds:expr)? ; )*
            $( ..$part:ident : $part_kind:ty; )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub(crate) struct $name {
            $( $(#[doc = $about])* pub $field: $kind, )*
            $( pub $part: $part_kind, )*
            /// Where they were written.
            pub at: $crate::fields::Places,
        }

        impl $crate::fields::Section for $name {
            fn fields() -> Vec<$crate::fields::FieldInfo> {
                #[allow(unused_mut, reason = "a section may have no parts")]
                let mut fields = vec![$($crate::fields::FieldInfo {
                    name: $crate::fields::section!(@name $field $($name_as)?),
                    doc: concat!($($about),*).trim_ascii(),
                    default: $crate::fields::section!(@default $($default)?),
                    bounds: $crate::fields::section!(@bounds $($bounds)?),
                    shape: <$kind as $crate::fields::Decode>::shape(),
                }),*];
                $( fields.extend(<$part_kind as $crate::fields::Section>::fields()); )*
                fields
            }

            fn names() -> Vec<&'static str> {
                #[allow(unused_mut, reason = "a section may have no parts")]
                let mut names = vec![$($crate::fields::section!(@name $field $($name_as)?)),*];
                $( names.extend(<$part_kind as $crate::fields::Section>::names()); )*
                names
            }

            #[allow(unused_variables, reason = "a section may have no fields of its own")]
            fn decode_fields(
                node: &$crate::fields::Node,
                faults: &mut $crate::fields::Faults,
            ) -> Option<Self> {
                #[allow(unused_mut, reason = "a section may have no parts")]
                let mut at = $crate::fields::Places::of_section(node);
                $( let $field = $crate::fields::support::read_field::<$kind>(
                    node,
                    $crate::fields::section!(@name $field $($name_as)?),
                    $crate::fields::section!(@default $($default)?),
                    &$crate::fields::section!(@bounds $($bounds)?),
                    &mut at,
                    faults,
                ); )*
                $( let $part = <$part_kind as $crate::fields::Section>::decode_fields(node, faults); )*
                Some(Self { $($field: $field?,)* $($part: $part?,)* at })
            }

            fn at(&self) -> &$crate::fields::Places {
                &self.at
            }

            #[allow(unused_variables, reason = "a section may have no fields of its own")]
            fn add_json(&self, table: &mut serde_json::Map<String, serde_json::Value>) {
                $( if let Some(json) = $crate::fields::Decode::json(&self.$field) {
                    let name: &str = $crate::fields::section!(@name $field $($name_as)?);
                    table.insert(name.to_owned(), json);
                } )*
                $( $crate::fields::Section::add_json(&self.$part, table); )*
            }
        }

        impl $crate::fields::Decode for $name {
            fn shape() -> $crate::fields::Shape {
                $crate::fields::Shape::Table(<Self as $crate::fields::Section>::fields())
            }

            fn decode(
                node: &$crate::fields::Node,
                _: &$crate::fields::Bounds,
                faults: &mut $crate::fields::Faults,
            ) -> Option<Self> {
                let names = <Self as $crate::fields::Section>::names();
                if !$crate::fields::support::check_names(node, &names, faults) {
                    return None;
                }
                <Self as $crate::fields::Section>::decode_fields(node, faults)
            }

            fn json(&self) -> Option<serde_json::Value> {
                let mut table = serde_json::Map::new();
                $crate::fields::Section::add_json(self, &mut table);
                Some(serde_json::Value::Object(table))
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@default) => { None };
    (@default $default:expr) => { Some($crate::fields::Value::from($default)) };
    (@bounds) => { $crate::fields::Bounds::ANY };
    (@bounds $bounds:expr) => { $bounds };
}

/// Declares a table whose fields depend on one of them, the tag.
///
/// `Name by "tag" { /// One sentence. "value" => Variant(Section); … }`
macro_rules! tagged {
    (
        $(#[doc = $doc:literal])*
        $name:ident by $tag:literal {
            $( $(#[doc = $about:literal])* $value:literal => $variant:ident($kind:ty); )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub(crate) enum $name {
            $( $(#[doc = $about])* $variant(Box<$kind>), )*
        }

        impl $crate::fields::Decode for $name {
            fn shape() -> $crate::fields::Shape {
                $crate::fields::Shape::Tagged {
                    tag: $tag,
                    variants: vec![$($crate::fields::Variant {
                        name: $value,
                        doc: concat!($($about),*).trim_ascii(),
                        fields: <$kind as $crate::fields::Section>::fields(),
                    }),*],
                }
            }

            fn decode(
                node: &$crate::fields::Node,
                _: &$crate::fields::Bounds,
                faults: &mut $crate::fields::Faults,
            ) -> Option<Self> {
                let variants = [$(($value, <$kind as $crate::fields::Section>::names())),*];
                let index = $crate::fields::support::variant(node, $tag, &variants, faults)?;
                let chosen = variants.get(index).map(|(name, _)| *name);
                $( if chosen == Some($value) {
                    let fields = <$kind as $crate::fields::Section>::decode_fields(node, faults)?;
                    return Some(Self::$variant(Box::new(fields)));
                } )*
                None
            }

            fn json(&self) -> Option<serde_json::Value> {
                let mut table = serde_json::Map::new();
                match self {
                    $( Self::$variant(fields) => {
                        table.insert($tag.to_owned(), $value.into());
                        $crate::fields::Section::add_json(fields.as_ref(), &mut table);
                    } )*
                }
                Some(serde_json::Value::Object(table))
            }
        }
    };
}

/// Lets a plain enum be written as one of some texts: `Type { "text" => Type::Variant, … }`.
macro_rules! choice {
    ($name:ty { $($text:literal => $value:expr),* $(,)? }) => {
        impl $crate::fields::Decode for $name {
            fn shape() -> $crate::fields::Shape {
                $crate::fields::Shape::Choice(vec![$($text),*])
            }

            fn decode(
                node: &$crate::fields::Node,
                _: &$crate::fields::Bounds,
                faults: &mut $crate::fields::Faults,
            ) -> Option<Self> {
                let index = $crate::fields::support::choose(node, &[$($text),*], faults)?;
                [$($value),*].get(index).copied()
            }

            fn json(&self) -> Option<serde_json::Value> {
                $( if *self == $value {
                    return Some($text.into());
                } )*
                None
            }
        }
    };
}

pub(crate) use {choice, section, tagged};
