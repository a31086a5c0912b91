using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.People.Keys;
using Cpd.People.Newsletters;
using Cpd.People.Organisations;
using Cpd.People.Persons;
using Cpd.People.Settings;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.People;

/// <summary>
/// Three authorities with settings and staff, all clearly made up, and accounts of every role in two of them. They begin two years
/// before today, so that there is a past for the other modules to fill.
/// </summary>
internal static class PeopleDemo {
    static readonly string[] Flowers = [
        "Marigold", "Foxglove", "Primrose", "Bluebell", "Honeysuckle", "Snowdrop", "Larkspur", "Clover", "Cowslip", "Buttercup", "Hollyhock", "Periwinkle",
        "Sorrel", "Campion", "Speedwell", "Harebell", "Teasel", "Yarrow", "Meadowsweet", "Bramble", "Heather", "Lavender",
    ];
    static readonly string[] Kinds = ["Nursery", "Pre-School", "Playgroup", "Day Nursery"];
    static readonly string[] FirstNames = [
        "Aisha", "Ben", "Chloe", "Dev", "Elin", "Farah", "Grace", "Harun", "Imogen", "Jakub", "Kezia", "Liam", "Maya", "Niamh", "Omar", "Priya", "Rosa", "Sana", "Tomasz", "Yusuf", "Zoë", "Siân",
    ];
    // Nobody is called these.
    static readonly string[] Surnames = [
        "Applewick", "Bramblethorpe", "Cloverfold", "Dapplemere", "Elderquill", "Fernwhistle", "Gorsewater", "Hazelrigging", "Ivorstone", "Junipersby", "Kestrelby", "Larkenfield",
        "Mossgather", "Nettlecombely", "Oakenshawl", "Pebblewright", "Quillfeather", "Rushmarrow", "Sedgewhistle", "Thistlewick", "Underbough", "Violetson", "Willowmantle", "Yarrowdown",
        "D’Appleby-Moss", "O’Cloverhan",
    ];
    static readonly JobRole[] Jobs = [JobRole.Practitioner, JobRole.RoomLeader, JobRole.Practitioner, JobRole.Senco, JobRole.Apprentice, JobRole.Practitioner, JobRole.SafeguardingLead];
    static readonly AgeRanges[] Ages = [AgeRanges.BirthToTwo, AgeRanges.TwoToThree, AgeRanges.ThreeToFive, AgeRanges.BirthToTwo | AgeRanges.TwoToThree, AgeRanges.None];

    sealed record Town(string Name, string[] Places, string Postcode, int Settings, int StaffEach, bool EveryRole);

    static readonly Town[] Towns = [
        new("Thurrock", ["Grays", "Tilbury", "Ockendon", "Corringham"], "RM17 9ZZ", 20, 17, EveryRole: true),
        new("Blackpool", ["Blackpool", "Bispham"], "FY1 9ZZ", 6, 11, EveryRole: true),
        new("Bradford", ["Bradford", "Shipley", "Keighley"], "BD1 9ZZ", 6, 11, EveryRole: false),
    ];

    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        var start = book.Today.AddYears(-2);
        book.At(start);
        var authorities = (await book.Ask(Nobody, new ListAuthorities(), ct)).ToDictionary(a => a.Name, a => a.Id);
        var accounts = new List<Account>();
        var number = 0;
        Actor? admin = null;
        foreach (var town in Towns) {
            var filling = new Filling(book, town, authorities[town.Name], accounts);
            if (town.EveryRole) admin = await filling.Administrator(ct);
            number = await filling.Everything(admin!, London.Day(start.UtcDateTime), number, ct);
        }
        await SouthendDemo.Fill(book, admin!, authorities["Southend-on-Sea"], ct);
        await NetworkDemo.Fill(book, admin!, authorities["Thurrock"], await book.Ask(Nobody, new ListAuthorities(), ct), ct);

        // Keys last a year at most, so they are made today.
        book.At(book.Today);
        foreach (var account in accounts) {
            var key = await book.Do(account.Actor, new MakeKey.Command("Demonstration", MakeKey.Id(account.Actor.Grants[0]), 365), ct);
            book.Note("accounts", new { role = account.Actor.Grants[0].Role, email = account.Email, password = account.Password, authority = account.Authority, personId = account.Actor.PersonId });
            book.Note("apiKeys", new { role = account.Actor.Grants[0].Role, owner = account.Email, key = key.Secret });
        }
    }

    static readonly Actor Nobody = new(Guid.Empty, "", []);

    sealed record Account(Actor Actor, string Email, string Password, string Authority);

    /// <summary>The filling of one authority.</summary>
    sealed class Filling(DemoBook book, Town town, Guid authorityId, List<Account> accounts) {
        readonly string key = town.Name.ToLowerInvariant();

        internal async Task<Actor> Administrator(CancellationToken ct) {
            var (name, email) = ($"Ada {town.Name[..3]}mintree", $"{key}.admin@example.org");
            var made = await book.Do(Nobody, new CreateAdmin.Command(email, name), ct);
            return await SetPassword("admin", new Actor(made.PersonId, name, [new Grant(nameof(Role.SystemAdministrator), nameof(OrganisationKind.None), Guid.Empty)]), email, made.Address, ct);
        }

        internal async Task<int> Everything(Actor admin, DateOnly day, int number, CancellationToken ct) {
            var officer = await Contact(admin, "officer", "Olive Oakenshawl", Role.AuthorityOfficer, authorityId, ct);

            await NetworkDemo.Terms(book, officer, authorityId, halves: town.Name == "Bradford", ct);
            var settings = new List<Guid>();
            for (var i = 0; i < town.Settings; i++) {
                var place = town.Places[i % town.Places.Length];
                settings.Add(await book.Do(officer, new AddSetting.Command(authorityId, $"EY99{Array.IndexOf(Towns, town)}{i:000}", $"{Flowers[i]} {Kinds[i % Kinds.Length]} (demo)",
                    ProviderTypes.All[0], 24 + i % 5 * 8, $"{i + 1} Example Street", place, town.Postcode), ct));
            }

            await Staff(officer, "manager", "Mabel Quillfeather", settings[0], JobRole.Manager, day, Role.SettingManager, settings[0], ct);
            await Staff(officer, "practitioner", "Penny Applewick", settings[0], JobRole.Practitioner, day, Role.Practitioner, null, ct);
            if (town.EveryRole) {
                var provider = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.TrainingProvider, $"{town.Name} Bright Paths Training (demo)", $"{key}.training@example.org", "https://training.example.org"), ct);
                var accreditor = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.Accreditor, $"{town.Name} Kitemark for Learning (demo)", $"{key}.kitemark@example.org", null), ct);
                var host = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.PlacementHost, $"{town.Name} Community Health Trust (demo)", $"{key}.health@example.org", null), ct);
                var institution = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.Institution, $"{town.Name} College of Early Years (demo)", $"{key}.college@example.org", null), ct);
                await Contact(officer, "trainer", "Tess Thistlewick", Role.Trainer, null, ct);
                await Contact(officer, "provider", "Piers Pebblewright", Role.TrainingProviderOfficer, provider, ct);
                await Contact(admin, "accreditor", "Alma Cloverfold", Role.Accreditor, accreditor, ct);
                await Contact(officer, "host", "Hugo Hazelrigging", Role.PlacementHost, host, ct);
                await Contact(officer, "institution", "Ivy Inglemoor", Role.InstitutionOfficer, institution, ct);
                await Contact(officer, "student", "Sol Sedgewhistle", Role.Student, null, ct);
            }

            if (town.Name == "Bradford") {
                var trust = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.PlacementHost, "Bradford Family Projects (demo)", $"{key}.families@example.org", null), ct);
                var university = await book.Do(officer, new AddOrganisation.Command(OrganisationKind.Institution, "Bradford Example University (demo)", $"{key}.university@example.org", null), ct);
                await Contact(officer, "institution", "Una Underbough", Role.InstitutionOfficer, university, ct);
                foreach (var (name, i) in ((string[])["Rae Rushmarrow", "Rhys Kestrelby", "Ruth Larkenfield"]).Select((n, i) => (n, i))) await Contact(officer, $"registrant-{i + 1}", name, Role.PlacementHost, trust, ct);
            }

            for (var i = 0; i < town.Settings * town.StaffEach; i++) {
                var first = FirstNames[number % FirstNames.Length];
                var last = Surnames[number / FirstNames.Length % Surnames.Length];
                number++;
                var added = await book.Do(officer, new AddPerson.Command($"{first} {last}", $"person{number:0000}@example.org", Jobs[i % Jobs.Length], Ages[i % Ages.Length], settings[i % settings.Count], day), ct);
                if (town == Towns[0]) book.Note("people", added.PersonId);
            }
            // Somebody who works in two settings.
            var newsletter = await book.Do(officer, new BeginNewsletter.Command(authorityId, "What is on this term"), ct);
            await book.Do(officer, new ChangeNewsletter.Command(newsletter, 1, "What is on this term", "The programme for this term is out. Places at the popular courses go quickly.", [JobRole.Manager, JobRole.Practitioner], [], [Role.SettingManager]), ct);
            await book.Do(officer, new AddPerson.Command("Penny Applewick", $"{key}.practitioner@example.org", JobRole.Practitioner, AgeRanges.BirthToTwo, settings[1], day), ct);
            return number;
        }

        /// <summary>Somebody who works with the authority, with an account and one role.</summary>
        async Task<Actor> Contact(Actor by, string role, string name, Role granted, Guid? at, CancellationToken ct) {
            var email = $"{key}.{role}@example.org";
            var added = await book.Do(by, new AddPerson.Command(name, email, null, AgeRanges.None, null, null, AuthorityId: authorityId), ct);
            return await WithAccount(by, role, added.PersonId, name, email, granted, at, ct);
        }

        async Task Staff(Actor by, string role, string name, Guid settingId, JobRole job, DateOnly day, Role granted, Guid? at, CancellationToken ct) {
            var email = $"{key}.{role}@example.org";
            var added = await book.Do(by, new AddPerson.Command(name, email, job, AgeRanges.None, settingId, day), ct);
            await WithAccount(by, role, added.PersonId, name, email, granted, at, ct);
            if (town == Towns[0]) book.Note("people", added.PersonId);
        }

        async Task<Actor> WithAccount(Actor by, string role, Guid personId, string name, string email, Role granted, Guid? at, CancellationToken ct) {
            await book.Do(by, new GrantRole.Command(personId, granted, at), ct);
            var invited = await book.Do(by, new InvitePerson.Command(personId), ct);
            return await SetPassword(role, new Actor(personId, name, [new Grant(granted.ToString(), Grants.KindOf(granted).ToString(), at ?? Guid.Empty)]), email, invited.Address, ct);
        }

        async Task<Actor> SetPassword(string role, Actor actor, string email, string link, CancellationToken ct) {
            var password = Codes.ForPeople(4);
            await book.Do(Nobody, new SetPassword.Command(link[(link.LastIndexOf('/') + 1)..], password), ct);
            accounts.Add(new Account(actor, email, password, town.Name));
            return book.Actors[$"{key}-{role}"] = actor;
        }
    }
}
