//! Pictures.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::value::{Size, Url};
use super::write::Tag;

/// A picture, still (amp-img) or moving (amp-anim).
///
/// ```
/// use mailwright_amp_mime::build::{Image, Size, Url};
///
/// let image = Image::new(Url::https("https://e.example/1.png")?, Size::responsive(400, 300)?, "a red box")?;
/// # Ok::<(), mailwright_amp_mime::build::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    url: Url,
    size: Size,
    alt: String,
    element: &'static str,
}

impl Image {
    /// A picture, and what is to be read where it is not shown.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url) where the URL is not of `https:`.
    pub fn new(url: Url, size: Size, alt: &str) -> Result<Self, BuildError> {
        if !url.is_https() {
            return Err(BuildError::new("amp-img", Kind::Url("https")));
        }
        Ok(Self { url, size, alt: alt.to_owned(), element: "amp-img" })
    }

    /// Makes it an amp-anim, for animated GIFs: it stops when nobody sees it.
    #[must_use]
    pub const fn animated(mut self) -> Self {
        self.element = "amp-anim";
        self
    }
}

impl From<Image> for Fragment {
    fn from(image: Image) -> Self {
        let element = image.element;
        let tag = image.size.on(Tag::new(element).attr("src", image.url.as_str()));
        let amp = format!("{}</{element}>\n", tag.attr("alt", &image.alt).done());
        let (width, height) = image.size.pixels();
        let tag = Tag::new("img").attr("src", image.url.as_str()).number("width", width);
        let html = tag.number("height", Some(height)).attr("alt", &image.alt).done();
        let made = Self::leaf(amp, format!("<p>{html}</p>\n"), &image.alt);
        if element == "amp-anim" { made.using("amp-anim") } else { made }
    }
}

/// Things to leaf through (amp-carousel). Clients without AMP show them one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carousel {
    size: Size,
    slides: Vec<Fragment>,
    is_slides: bool,
    is_looping: bool,
    delay: Option<u32>,
}

impl Carousel {
    /// One at a time.
    #[must_use]
    pub const fn slides(size: Size) -> Self {
        Self { size, slides: Vec::new(), is_slides: true, is_looping: false, delay: None }
    }

    /// A strip of this height, several at a time.
    ///
    /// # Errors
    /// As [`Size::fixed_height`].
    pub fn strip(height: u32) -> Result<Self, BuildError> {
        Ok(Self { is_slides: false, ..Self::slides(Size::fixed_height(height)?) })
    }

    /// Adds something; at least one is needed.
    #[must_use]
    pub fn slide(mut self, component: impl Into<Fragment>) -> Self {
        self.slides.push(component.into());
        self
    }

    /// Begins anew behind the last one.
    #[must_use]
    pub const fn looping(mut self) -> Self {
        self.is_looping = true;
        self
    }

    /// Moves on by itself after so many milliseconds; 1,000 at least.
    #[must_use]
    pub const fn autoplay(mut self, milliseconds: u32) -> Self {
        self.delay = Some(milliseconds);
        self
    }
}

impl From<Carousel> for Fragment {
    fn from(carousel: Carousel) -> Self {
        const NAME: &str = "amp-carousel";
        if carousel.slides.is_empty() {
            return Self::fault(BuildError::new(NAME, Kind::Empty("slides")));
        }
        if carousel.delay.is_some_and(|delay| !(1_000..=3_600_000).contains(&delay)) {
            return Self::fault(BuildError::new(NAME, Kind::Range(1_000, 3_600_000)));
        }
        // Each in a box of its own, so that several components may make one slide.
        let inside: Self =
            carousel.slides.into_iter().map(|slide| slide.wrapped("<div>", "</div>\n", 1)).collect();
        let type_ = if carousel.is_slides { "slides" } else { "carousel" };
        let tag = carousel.size.on(Tag::new(NAME)).attr("type", type_).flag("controls", true);
        let tag = tag.flag("loop", carousel.is_looping).flag("autoplay", carousel.delay.is_some());
        let tag = tag.number("delay", carousel.delay).done();
        let inside = inside.without(NAME, &[NAME]);
        inside.wrapped(&tag, "</amp-carousel>\n", 1).using(NAME).holding(NAME)
    }
}
