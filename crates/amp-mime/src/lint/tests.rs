use super::LintRule::*;
use super::*;

fn found(body: &str) -> Vec<(LintRule, String)> {
    let document = format!(
        "<!doctype html>\n<html \u{26a1}4email data-css-strict>\n<head></head>\n<body>{body}</body></html>"
    );
    lint(&document).into_iter().map(|lint| (lint.rule, lint.subject)).collect()
}

fn rules(body: &str) -> Vec<LintRule> {
    found(body).into_iter().map(|(rule, _)| rule).collect()
}

#[test]
fn counts() {
    let image = "<amp-img src=x alt=x></amp-img><amp-anim src=x alt=x></amp-anim>";
    assert_eq!(rules(&image.repeat(100)), []);
    assert_eq!(found(&image.repeat(101)), [(TooManyElements, "amp-img".into())]);
    assert_eq!(rules(&"<amp-state></amp-state>".repeat(5)), []);
    assert_eq!(rules(&"<amp-state></amp-state>".repeat(7)), [TooManyElements]);
    assert_eq!(rules(&"<form><div submit-error></div></form>".repeat(21)), [TooManyElements]);
    assert_eq!(rules(&"<amp-list><div fallback></div></amp-list>".repeat(21)), [TooManyElements]);
    assert_eq!(rules(&"x".repeat(OLD_MAX_DOCUMENT)), [LargeDocument]);
}

#[test]
fn elements() {
    assert_eq!(rules("<form><input></form>"), [FormWithoutAnswer]);
    assert_eq!(rules("<amp-list src=x><template>x</template></amp-list>"), [ListWithoutFallback]);
    assert_eq!(
        rules("<amp-carousel></amp-carousel><amp-img></amp-img>"),
        [CarouselWithoutControls, ImageWithoutAlt]
    );
    assert_eq!(rules("<amp-lightbox id=a></amp-lightbox><p id=a>"), [DeprecatedComponent, DuplicateId]);
    assert_eq!(rules("<p style='width:50vw'><p style='width:50px;font-family:x5vwb'>"), [ViewportUnits]);
    assert_eq!(
        lint("<!doctype html><html \u{26a1}4email><body>x").first().map(|lint| lint.rule),
        Some(MissingCssStrict)
    );
    let old = "<!doctype html><html \u{26a1}4email data-css-strict><head><script custom-template=amp-mustache \
        src=https://cdn.ampproject.org/v0/amp-mustache-0.1.js></script><style amp-custom>p{height:1VH}</style></head>";
    let rules: Vec<LintRule> = lint(old).into_iter().map(|lint| lint.rule).collect();
    assert_eq!(rules, [DeprecatedComponent, ViewportUnits]);
}

#[test]
fn actions() {
    let ids = "<form id=f><div submit-success></div></form><amp-list id=l><div fallback></div></amp-list><p id=p>x</p>";
    let of = |on: &str| found(&format!("{ids}<button on=\"{on}\">x</button>"));
    for good in [
        "tap:p.show",
        "tap:p.toggleVisibility,f.submit",
        "change:l.refresh;tap:AMP.setState({a:{b:';'}})",
        "tap:p.hide()",
    ] {
        assert_eq!(of(good), [], "{good}");
    }
    assert_eq!(of("tap:p.submit"), [(DisallowedAction, "p.submit".into())]);
    assert_eq!(of("tap:AMP.print"), [(DisallowedAction, "AMP.print".into())]);
    assert_eq!(of("tap:q.show"), [(UnknownTarget, "q.show".into())]);
    assert_eq!(of("tap:p"), [(DisallowedAction, "p".into())]);
    assert_eq!(of("p.show"), [(MalformedAction, "p.show".into())]);
}

#[test]
fn sections() {
    let of = |inside: &str| found(&format!("<div><template type=amp-mustache>{inside}</template></div>"));
    assert_eq!(of("{{#a}}<p>{{b}}</p>{{^c}}x{{/c}}{{/a}}"), []);
    assert_eq!(of("{{#a}}<p>x{{/a}}</p>"), [(UnbalancedSection, "a".into())]);
    assert_eq!(of("{{#a}}x"), [(UnbalancedSection, "a".into())]);
    assert_eq!(of("x{{/a}}"), [(UnbalancedSection, "a".into())]);
    let rows = of("<table>{{#a}}<tr><td>{{b}}</td></tr>{{/a}}</table>");
    assert!(!rows.is_empty() && rows.iter().all(|(rule, _)| *rule == TagInTable), "{rows:?}");
    assert_eq!(of("{{#a}}<table><tr><td>{{b}}</td></tr></table>{{/a}}"), []);
    assert_eq!(of("{{{x}}}{{>y}}{{=<% %>=}}").len(), 3);
    assert_eq!(of("<p class=\"{{#a}}b{{/a}}\">x</p>"), []);
    assert_eq!(of("<p class=\"{{#a}}b\">x</p>"), [(UnbalancedSection, "a".into())]);
    assert_eq!(found("<p>{{name}}</p>"), [(TagOutsideTemplate, "name".into())]);
}
