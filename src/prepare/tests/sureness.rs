use super::*;
use proptest::prelude::*;

/// Ten probabilities: one class gets `most`, the others share the rest.
fn row(class: usize, most: f32) -> [f32; 10] {
    std::array::from_fn(|at| if at == class { most } else { (1.0 - most) / 9.0 })
}

#[test]
fn entropy_is_in_bits() {
    assert_eq!(entropy(&[1.0, 0.0]), 0.0);
    assert_eq!(entropy(&[0.5, 0.5, 0.0]), 1.0);
    assert_eq!(entropy(&[0.25; 4]), 2.0);
    // log2(10) in f32 sums of ten terms.
    assert!((entropy(&[0.1; 10]) - 10_f32.log2()).abs() < 1e-5);
}

#[test]
fn one_network_is_sure_below_the_limit() {
    let sure = sureness(&row(3, 0.99));
    assert_eq!((sure.class, sure.probability, sure.sure), (3, 0.99, true));
    assert!(!sureness(&row(3, 0.7)).sure);
    assert!(!sureness(&[]).sure);
    assert!(!sureness(&[f32::NAN; 10]).sure);
    assert_eq!(verdict(&[&row(8, 0.99)]), Verdict::Sure { class: 8 });
    assert_eq!(verdict(&[&row(8, 0.4)]), Verdict::NoneSure);
    assert_eq!(verdict(&[]), Verdict::NoneSure);
}

#[test]
fn two_networks_agree_differ_or_are_unsure() {
    let (bag, boot, unsure) = (row(8, 0.99), row(9, 0.99), row(8, 0.4));
    assert_eq!(verdict(&[&bag, &bag]), Verdict::Sure { class: 8 });
    assert_eq!(verdict(&[&bag, &boot]), Verdict::Contradiction);
    assert_eq!(verdict(&[&unsure, &boot]), Verdict::Unsure { class: 9 });
    assert_eq!(verdict(&[&unsure, &unsure]), Verdict::NoneSure);
}

proptest! {
    #[test]
    fn entropy_lies_between_none_and_all(weights in prop::collection::vec(0.0_f32..1.0, 10)) {
        let sum: f32 = weights.iter().sum();
        prop_assume!(sum > 0.01);
        let bits = entropy(&weights.iter().map(|weight| weight / sum).collect::<Vec<f32>>());
        // Rounding of ten terms in f32.
        prop_assert!((0.0..=10_f32.log2() + 1e-5).contains(&bits), "{}", bits);
    }

    #[test]
    fn any_numbers_have_a_verdict(one in prop::collection::vec(any::<f32>(), 0..12), other in prop::collection::vec(any::<f32>(), 0..12)) {
        verdict(&[&one, &other]);
    }
}
