//! BER of any octets: what is read of it is DER, of which nothing more is to be changed, and which `der` reads.
#![no_main]

use der::{Decode, Encode, Tagged};
use libfuzzer_sys::fuzz_target;
use mailwright_smime::cms::to_der;

fuzz_target!(|input: &[u8]| {
    match to_der(input) {
        Ok(der) => {
            assert_eq!(to_der(&der).as_ref(), Ok(&der), "DER stays as it is");
            // Less than BER has: headers only get shorter, except that of an indefinite length gets longer by up to seven
            // octets, of which it has two at its end.
            assert!(der.len() <= input.len().saturating_mul(2));
            // `der` refuses values that it holds for wrong.
            if let Ok(any) = der::asn1::Any::from_der(&der) {
                assert_eq!(any.to_der().as_ref(), Ok(&der));
            }
        }
        Err(error) => assert!(error.offset().is_none_or(|offset| offset <= input.len()), "{error}"),
    }
    // What `der` takes of a value without others inside is BER as well, and it stays as it is.
    if let Ok(any) = der::asn1::AnyRef::from_der(input)
        && !any.tag().is_constructed()
    {
        assert_eq!(to_der(input).as_deref(), Ok(input));
    }
});
