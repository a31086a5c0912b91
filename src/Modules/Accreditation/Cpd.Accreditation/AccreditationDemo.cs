using Cpd.Accreditation.Ledger;
using Cpd.Accreditation.Schemes;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation;

/// <summary>A scheme for each accreditor of the demonstration with courses of the catalogue, and what practitioners added to their records themselves.</summary>
internal static class AccreditationDemo {
    const int MostCertificates = 200;

    static readonly (string Title, string Source, int DaysAgo, int Minutes, int Participatory, AgeRanges Ages, CourseMode Mode, string Reflection)[] Own = [
        ("Reading: schemas in play", "Early years library (demo)", 20, 90, 0, AgeRanges.TwoToThree, CourseMode.SelfStudy, "Lining things up is a schema, not a fuss about tidiness. I will put out more loose parts and watch before I step in."),
        ("Visit to a forest nursery", "Oak Hollow Nursery (demo)", 75, 180, 150, AgeRanges.ThreeToFive, CourseMode.InPerson, "Their risk talk with the children was calm and short. I will try the same three questions before we go outside."),
        ("Webinar: starting solids", "Health visiting team (demo)", 400, 60, 15, AgeRanges.BirthToTwo, CourseMode.LiveOnline, "I was slicing grapes the wrong way. We changed the poster in the kitchen."),
    ];

    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        book.At(book.Today);
        await Accredit(book, ct);
        foreach (var practitioner in book.Actors.Where(a => a.Key.EndsWith("-practitioner", StringComparison.Ordinal)).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value)) {
            foreach (var entry in Own) {
                await book.Do(practitioner, new AddOwnEntry.Command(entry.Title, entry.Source, London.Day(book.Today.UtcDateTime.AddDays(-entry.DaysAgo)), entry.Minutes / 60, entry.Minutes % 60,
                    entry.Participatory / 60, entry.Participatory % 60, entry.Ages, entry.Mode, entry.Reflection, null), ct);
            }
        }
        book.Later(async () => {
            foreach (var certificate in await book.Ask(new Actor(Guid.Empty, "Demonstration", []), new ListIssued.Query(), ct)) book.Note("certificates", new { number = certificate.Number, personId = certificate.PersonId });
        });
    }

    /// <summary>
    /// Two of three courses of the accreditor's authority, from two years ago on. A certificate carries the accreditation that is known
    /// when it is issued, so registers that are closed after this show it and those before do not.
    /// </summary>
    static async Task Accredit(DemoBook book, CancellationToken ct) {
        var today = London.Day(book.Today.UtcDateTime);
        foreach (var (town, scheme, prefix) in ((string, string, string)[])[("thurrock", "Early Years Quality Mark (demo)", "EYQ"), ("blackpool", "Coastal Learning Award (demo)", "CLA")]) {
            if (!book.Actors.TryGetValue(town + "-accreditor", out var accreditor) || !book.Actors.TryGetValue(town + "-officer", out var officer)) continue;
            var id = await book.Do(accreditor, new AddScheme.Command(accreditor.Grants[0].OrganisationId, scheme,
                "The course names its learning outcomes, is led by a qualified trainer and gives at least half of its time to taking part."), ct);
            var number = 0;
            foreach (var course in (await Published(book, accreditor, ct)).Where(c => c.AuthorityId == officer.Grants[0].OrganisationId)) {
                number++;
                if (number % 3 == 0) continue;
                await book.Do(accreditor, new AccreditCourse.Command(id, course.Id, $"{prefix}-{number:0000}", today.AddYears(-2), today.AddYears(1), number % 2 == 0 ? 36 : null), ct);
            }
        }
    }

    /// <summary>The catalogue as the search knows it: a letter finds what has a word that begins with it.</summary>
    static async Task<IReadOnlyList<CourseCard>> Published(DemoBook book, Actor who, CancellationToken ct) {
        var found = new List<CourseCard>();
        foreach (var letter in "abcdefghilmnoprstuw") found.AddRange(await book.Ask(who, new SearchCourses(letter.ToString()), ct));
        return [.. found.DistinctBy(c => c.Id).OrderBy(c => c.Title, StringComparer.Ordinal).ThenBy(c => c.Id)];
    }

    /// <summary>The first certificates that were issued, whoever's: for demo.json alone, so no page or endpoint sends it.</summary>
    internal static class ListIssued {
        internal sealed record Query : IRequest<IReadOnlyList<Row>>;

        internal sealed record Row {
            public string Number { get; init; } = "";
            public Guid PersonId { get; init; }
        }

        internal sealed class Handler(Db db) : IRequestHandler<Query, IReadOnlyList<Row>> {
            const string Select = "SELECT Number, PersonId FROM accreditation_Certificate WHERE RevokedAt IS NULL ORDER BY Id";

            public Task<IReadOnlyList<Row>> Handle(Query request, CancellationToken cancellationToken) =>
                db.List<Row>(db.Page(Select), new { Skip = 0, Take = MostCertificates }, cancellationToken);
        }
    }
}
